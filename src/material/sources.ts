import { z } from 'zod';
import { SOURCE_KINDS, type SourceKind } from '../domain/source-kinds';
import { commandSource } from './command-source';
import { envSource } from './env-source';
import { fileSource } from './file-source';
import { secretsManagerSource } from './secrets-manager-source';
import type { PlainSource, Source } from './source';
import { ssmSource } from './ssm-source';
import { wrappedSource } from './wrapped-source';
import type { Encoding } from './open-source';

/** Text in the program. */
interface InlineReference {
  readonly kind: 'inline';
}

/** Reads text that the program itself holds. */
const inlineSource: PlainSource<{ readonly inline: string }, InlineReference> = {
  members: { inline: z.string() },
  reference: {},
  isLocal: true,
  isReadable: false,
  encoding: 'base64',
  refer: () => ({ kind: 'inline' }),
  read: (_reference, { inline = '' }) =>
    Promise.resolve({ bytes: Buffer.from(inline, 'utf8'), encoding: 'base64' }),
};

/** The sources of material, one for each kind. */
export const SOURCES = {
  inline: inlineSource,
  file: fileSource,
  env: envSource,
  wrapped: wrappedSource,
  command: commandSource,
  secretsManager: secretsManagerSource,
  ssmParameter: ssmSource,
} satisfies {
  readonly [Kind in SourceKind]: Source<Readonly<Record<Kind, unknown>>, { readonly kind: Kind }>;
};

type KindOf<Trait> = {
  [Kind in SourceKind]: (typeof SOURCES)[Kind] extends Trait ? Kind : never;
}[SourceKind];

/** A kind of source that is read at preview. */
export type LocalKind = KindOf<{ readonly isLocal: true }>;

/** A kind of source that can also hold a passphrase. */
export type PlainKind = KindOf<PlainSource>;

/** The kinds of sources that can also hold a passphrase. */
export const PLAIN_KINDS = SOURCE_KINDS.filter(
  (kind): kind is PlainKind => SOURCES[kind].isLocal && givesBytes(kind),
);

/** Whether the source gives bytes, which can have an encoding and a passphrase. */
export function givesBytes(kind: SourceKind): boolean {
  return 'read' in SOURCES[kind];
}

type ReferenceTo<Kind extends SourceKind> = ReturnType<(typeof SOURCES)[Kind]['refer']>;

/** A reference to bytes that are read at preview, such as those of a passphrase. */
export type PlainReference = ReferenceTo<PlainKind>;

/** A reference to what is read at preview: no network, no command, no side effect. */
export type LocalReference = ReferenceTo<LocalKind>;

/** Where something comes from, never the thing itself. */
export type Reference = ReferenceTo<SourceKind>;

/** Where material comes from: what stands in state and what a diff compares. Never the material. */
export type SourceReference = Reference & {
  /** Absent where what is read decides: a secret of Secrets Manager can be text or bytes. */
  readonly encoding?: Encoding | undefined;
  /** Where the passphrase of an encrypted private key comes from. */
  readonly passphrase?: PlainReference | undefined;
};

/** Refers to what a program declares, by the source of its kind. */
export function referTo<Kind extends SourceKind>(kind: Kind, declared: object): ReferenceTo<Kind> {
  const source: Source = SOURCES[kind];
  return source.refer(declared) as ReferenceTo<Kind>;
}

/** Whether the source is read at preview: without network, command or side effect. */
export function isLocal<R extends Reference>(reference: R): reference is R & LocalReference {
  return SOURCES[reference.kind].isLocal;
}

/** Whether the source can be read again from its reference, without the program. */
export function isReadable({ kind, passphrase }: SourceReference): boolean {
  return (
    SOURCES[kind].isReadable && (passphrase === undefined || SOURCES[passphrase.kind].isReadable)
  );
}
