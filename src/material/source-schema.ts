import * as z from 'zod';
import { SOURCE_KINDS, type SourceKind } from '../domain/source-kinds';
import { ENCODINGS } from './encoding';
import { givesBytes, PLAIN_KINDS, SOURCES, type PlainKind } from './sources';

export type { SourceReference } from './references';

// TypeScript infers the intersection of what the kinds declare.
type Declared = (typeof SOURCES)[SourceKind]['refer'] extends (declared: infer All) => unknown
  ? All
  : never;
type Members = { readonly [Name in keyof Declared]-?: z.ZodType<Declared[Name]> };

const encoding = z.enum(ENCODINGS);
const howBytesAreRead = {
  encoding: encoding.optional(),
  isEncodingDeclared: z.literal(true).optional(),
  passphrase: z.union(PLAIN_KINDS.map(referenceTo)).optional(),
};

/**
 * Schema of `material` as a program declares it. All members are optional, because a preview leaves out
 * those that are not known yet.
 */
export const declaredMaterial = z
  .strictObject({
    ...(membersOf(SOURCE_KINDS) as Members),
    encoding,
    passphrase: z.strictObject(membersOf(PLAIN_KINDS) as Pick<Members, PlainKind>).partial(),
  })
  .partial();

/** Material as a program declares it, as far as it is known. */
export type DeclaredMaterial = z.infer<typeof declaredMaterial>;

/** Schema of the reference to a source, as it is in state and in an import file. */
export const sourceReference = z.union(
  SOURCE_KINDS.map((kind) =>
    givesBytes(kind) ? referenceTo(kind).extend(howBytesAreRead) : referenceTo(kind),
  ),
);

function membersOf(kinds: readonly SourceKind[]): Partial<Members> {
  return Object.assign({}, ...kinds.map((kind) => SOURCES[kind].members)) as Partial<Members>;
}

function referenceTo(kind: SourceKind) {
  return z.strictObject({ kind: z.literal(kind), ...SOURCES[kind].reference });
}
