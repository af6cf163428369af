import { z } from 'zod';
import { SOURCE_KINDS, type SourceKind } from '../domain/source-kinds';
import { ENCODINGS } from './encoding';
import { givesBytes, PLAIN_KINDS, SOURCES, type PlainKind } from './sources';

// TypeScript infers the intersection of what the kinds declare.
type Declared = (typeof SOURCES)[SourceKind]['refer'] extends (declared: infer All) => unknown
  ? All
  : never;
type Members = { readonly [Name in keyof Declared]-?: z.ZodType<Declared[Name]> };

const encoding = z.enum(ENCODINGS);
const howBytesAreRead = {
  encoding: encoding.optional(),
  passphrase: z.union(PLAIN_KINDS.map(referenceTo)).optional(),
};

/**
 * Schema of `material` as a program declares it. All members are optional, as those that are unknown
 * in a preview are left out.
 */
export const declaredMaterial = z
  .strictObject({
    ...membersOf<Members>(SOURCE_KINDS),
    encoding,
    passphrase: z.strictObject(membersOf<Pick<Members, PlainKind>>(PLAIN_KINDS)).partial(),
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

function membersOf<M extends Partial<Members>>(kinds: readonly SourceKind[]): M {
  const members: object[] = kinds.map((kind) => SOURCES[kind].members);
  return Object.assign({}, ...members) as M;
}

function referenceTo(kind: SourceKind) {
  return z.strictObject({ kind: z.literal(kind), ...SOURCES[kind].reference });
}
