interface Required {
  readonly required?: true;
}

/** A text; `enum` narrows its type. */
export interface StringShape extends Required {
  readonly type: 'string';
  /** Lengths count UTF-16 units, as AWS's Java services do. */
  readonly min?: number;
  readonly max?: number;
  /** A regular expression as in AWS's model; the whole value must match. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** The values that AWS's message lists, where a recording differs from the accepted values. */
  readonly enumInMessage?: readonly string[];
  /** Whether AWS's model calls the value sensitive: it is in no message and in no log. */
  readonly isSecret?: true;
}

/** Bytes, which are base64 in JSON. Lengths count the decoded bytes (API reference). */
interface BlobShape extends Required {
  readonly type: 'blob';
  readonly min: number;
  readonly max: number;
}

/** A whole number. */
interface IntegerShape extends Required {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
}

/** True or false. */
interface BooleanShape extends Required {
  readonly type: 'boolean';
}

/** Epoch seconds with fractions in JSON. */
interface TimestampShape extends Required {
  readonly type: 'timestamp';
}

/** A map from text to text. */
interface MapShape extends Required {
  readonly type: 'map';
}

/** A list of values of one shape. */
export interface ListShape extends Required {
  readonly type: 'list';
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
}

/** Named members. Others are ignored, as in AWS. */
interface StructureShape extends Required {
  readonly type: 'structure';
  readonly members: Members;
}

/** The shape of a member of a request. */
export type Shape =
  | StringShape
  | BlobShape
  | IntegerShape
  | BooleanShape
  | TimestampShape
  | MapShape
  | ListShape
  | StructureShape;

/** The `types` table of an operation. */
export type Members = Readonly<Record<string, Shape>>;

/** The value of a shape. */
type ValueOf<S extends Shape> = S extends StringShape
  ? S extends { readonly enum: readonly (infer E)[] }
    ? E
    : string
  : S extends BlobShape
    ? Buffer
    : S extends IntegerShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends TimestampShape
          ? Date
          : S extends MapShape
            ? Readonly<Record<string, string>>
            : S extends ListShape
              ? readonly ValueOf<S['member']>[]
              : S extends StructureShape
                ? InputOf<S['members']>
                : never;

type RequiredNames<M extends Members> = {
  [Name in keyof M]: M[Name] extends { readonly required: true } ? Name : never;
}[keyof M];

/** The input of an operation, by its `types` table. */
export type InputOf<M extends Members> = {
  readonly [Name in RequiredNames<M>]: ValueOf<M[Name]>;
} & {
  readonly [Name in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[Name]>;
};
