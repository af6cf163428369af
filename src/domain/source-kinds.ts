/**
 * The kinds of sources of material, in the order in which messages and documentation list them, and how
 * the list of materials of a key records a source of each: `plain` as declared, `hashed` as a secret hash,
 * `none` not at all.
 *
 * It is separate from `SOURCES`, so that the program of a user, which records sources and reads none, does
 * not load the code that reads them.
 */
export const SOURCE_IDENTITIES = {
  inline: 'none',
  file: 'plain',
  env: 'plain',
  wrapped: 'plain',
  command: 'hashed',
  secretsManager: 'plain',
  ssmParameter: 'plain',
} as const satisfies Readonly<Record<string, 'plain' | 'hashed' | 'none'>>;

/** A kind of source of material: the member of `material` that names it. */
export type SourceKind = keyof typeof SOURCE_IDENTITIES;

/** The kinds of sources of material. */
export const SOURCE_KINDS = Object.keys(SOURCE_IDENTITIES) as readonly SourceKind[];
