/**
 * The kinds of sources of material, in the order in which messages and documentation list them, and how the list
 * of materials of a key records each: `hashed` as a secret hash of what the program declares, `none` not at all.
 * Nothing is recorded in clear, because the list is made before anything checks the sources: a path, for example,
 * may be the material itself by mistake.
 *
 * It is separate from `SOURCES`, so that a user's program does not load the code that reads sources.
 */
export const SOURCE_IDENTITIES = {
  inline: 'none',
  file: 'hashed',
  env: 'hashed',
  wrapped: 'hashed',
  pkcs11: 'hashed',
  command: 'hashed',
  wrapCommand: 'hashed',
  secretsManager: 'hashed',
  ssmParameter: 'hashed',
} as const satisfies Readonly<Record<string, 'hashed' | 'none'>>;

/** A kind of source of material. A program declares it as the member of `material` with this name. */
export type SourceKind = keyof typeof SOURCE_IDENTITIES;

/** The kinds of sources of material. */
export const SOURCE_KINDS = Object.keys(SOURCE_IDENTITIES) as readonly SourceKind[];
