/**
 * The kinds of sources of material, in the order in which messages and documentation list them, and how
 * the list of materials of a key records a source of each: `hashed` as a secret hash of what is declared,
 * `none` not at all. Nothing is recorded in clear: the list is made before anything has looked at the
 * sources, so what stands there by mistake may be the material itself, or its passphrase.
 *
 * It is separate from `SOURCES`, so that the program of a user, which records sources and reads none, does
 * not load the code that reads them.
 */
export const SOURCE_IDENTITIES = {
  inline: 'none',
  file: 'hashed',
  env: 'hashed',
  wrapped: 'hashed',
  command: 'hashed',
  secretsManager: 'hashed',
  ssmParameter: 'hashed',
} as const satisfies Readonly<Record<string, 'hashed' | 'none'>>;

/** A kind of source of material: the member of `material` that names it. */
export type SourceKind = keyof typeof SOURCE_IDENTITIES;

/** The kinds of sources of material. */
export const SOURCE_KINDS = Object.keys(SOURCE_IDENTITIES) as readonly SourceKind[];
