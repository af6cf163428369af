import { asByokError, ByokError, assert } from '../errors';

/** Version of the layout of the state. Every version of this package reads all earlier ones. */
export const SCHEMA_VERSION = 1;

/** Properties as they arrive over the dynamic provider protocol: JSON. */
export type Properties = Readonly<Record<string, unknown>>;

/** The methods that the dynamic provider host of `@pulumi/pulumi` calls. */
export interface DynamicProvider<Outs extends object = object> {
  configure(request: { readonly config: { get(key: string): string | undefined } }): Promise<void>;
  check(olds: Properties, news: Properties): Promise<CheckResult>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties): Promise<{ readonly id: string; readonly outs: Outs }>;
  read(id: string, props: Properties): Promise<ReadResult>;
  update(id: string, olds: Properties, news: Properties): Promise<{ readonly outs: Outs }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** Questions of a native plugin that a dynamic provider does not answer. No answer needs a call to KMS. */
export interface Preview {
  /**
   * Returns the state after a create or an update, as far as it is known before it.
   *
   * @param inputs - the checked inputs
   * @param olds - the outputs in state; absent for a create
   */
  preview(inputs: Properties, olds: Properties | undefined): object;

  /** Returns the inputs of a resource that the engine imports, from the properties that `read` found. */
  inputsOf(props: Properties): Properties;
}

/** The answer of `check`. */
export interface CheckResult {
  readonly inputs: Record<string, unknown>;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

/** The answer of `diff`. Without `changes` the engine would compare inputs itself. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
}

/** The answer of `read`. Without an ID the resource no longer exists. */
export interface ReadResult {
  readonly id?: string;
  readonly props?: Properties;
}

/** Returns undefined if the call failed because its key does not exist, and throws any other error. */
export function ignoreNotFound(error: unknown): undefined {
  if (error instanceof ByokError && error.code === 'KEY_NOT_FOUND') return undefined;
  throw error;
}

/**
 * Checks that this version can read the state. A resource that is only read has no version yet.
 *
 * @throws {@link ByokError} `STATE_INVALID`, `STATE_TOO_NEW`
 */
export function readState<Outs>(props: Properties): Partial<Outs> {
  const version = props.schemaVersion ?? SCHEMA_VERSION;
  assert(
    typeof version === 'number' && Number.isInteger(version) && version > 0,
    'STATE_INVALID',
    'schemaVersion in the state is not a whole number above 0, so something other than pulumi-kms-byok has changed the state: restore the state from a backup or from the history of the backend',
  );
  assert(
    version <= SCHEMA_VERSION,
    'STATE_TOO_NEW',
    'the state was written by a later version of pulumi-kms-byok: install that version or a later one',
  );
  return props as Partial<Outs>;
}

/** Makes a method throw only {@link ByokError}, because the engine shows the message of every error. */
export function guarded<Arguments extends unknown[], Result>(
  method: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (error) {
      throw asByokError(error);
    }
  };
}

/** Returns JSON with sorted members, because a protobuf Struct does not keep their order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Placeholder for a value that is not known in a preview: `pulumi.runtime.unknownValue`. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Whether this value, or anything in it, is unknown in a preview. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}

/** Removes null members: an output that resolved to undefined arrives as null. */
export function withoutNull(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return pruned(value, (member) => member === null) as Record<string, unknown>;
}

/**
 * Removes unknown values. An array with an unknown element is removed completely, because its length is not
 * known either.
 */
export function knownPart(value: unknown): unknown {
  return pruned(
    value,
    (member) => member === UNKNOWN || (Array.isArray(member) && containsUnknown(member)),
  );
}

function pruned(value: unknown, isDropped: (value: unknown) => boolean): unknown {
  if (isDropped(value)) return undefined;
  if (Array.isArray(value)) return value.map((member) => pruned(member, isDropped));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isDropped(member))
      .map(([key, member]) => [key, pruned(member, isDropped)]),
  );
}

/** Converts to JSON values. The protocol takes no others, and would fail only after the call to KMS. */
export function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** How each output of a resource follows from what was observed. */
export type OutputTable<Outputs, Observation> = {
  readonly [Name in keyof Outputs]-?: (observation: Observation) => Outputs[Name];
};

/** The names of all outputs. */
export function namesOf<Outputs>(table: OutputTable<Outputs, never>): readonly (keyof Outputs)[] {
  return Object.keys(table) as (keyof Outputs)[];
}

/** Derives all outputs. */
export function deriveOutputs<Outputs, Observation>(
  table: OutputTable<Outputs, Observation>,
  observation: Observation,
): Outputs {
  return fromNames(table, (name) => table[name](observation));
}

/** Returns the outputs that state has, for an update that changes none of them. */
export function keptOutputs<Outputs>(
  table: OutputTable<Outputs, never>,
  state: Partial<Outputs>,
): Outputs {
  return fromNames(table, (name) => state[name] as Outputs[typeof name]);
}

function fromNames<Outputs>(
  table: OutputTable<Outputs, never>,
  valueOf: (name: keyof Outputs) => Outputs[keyof Outputs],
): Outputs {
  return Object.fromEntries(namesOf(table).map((name) => [name, valueOf(name)])) as Outputs;
}
