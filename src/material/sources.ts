import * as z from 'zod';
import { SOURCE_KINDS, type SourceKind } from '../domain/source-kinds';
import { commandSource } from './command-source';
import { envSource } from './env-source';
import { fileSource } from './file-source';
import { pkcs11Source } from './pkcs11/pkcs11-source';
import { secretsManagerSource } from './secrets-manager-source';
import { assertOnlyNames } from './mistaken-material';
import type {
  InlineReference,
  LocalReference,
  PlainReference,
  Reference,
  ReferenceTo,
  SourceReference,
  WrapCommandReference,
  WrappedReference,
} from './references';
import type {
  LocalSelfWrappingSource,
  PlainSource,
  PrewrappedSource,
  RemoteSelfWrappingSource,
  RemoteSource,
  Source,
} from './source';
import { ssmSource } from './ssm-source';
import { wrapCommandSource } from './wrap-command-source';
import { wrappedSource } from './wrapped-source';

export type { LocalReference, SourceReference } from './references';

/** Returns the text that the program declares. */
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
  pkcs11: pkcs11Source,
  command: commandSource,
  wrapCommand: wrapCommandSource,
  secretsManager: secretsManagerSource,
  ssmParameter: ssmSource,
} satisfies { readonly [Kind in SourceKind]: SourceOf<Kind> };

/** A kind of source that a passphrase can come from too. */
export type PlainKind = PlainReference['kind'];

// The kind of its reference decides when a source is read.
type SourceOf<Kind extends SourceKind> = Kind extends PlainKind
  ? PlainSource<Declared<Kind>, ReferenceTo<Kind>>
  : Kind extends WrappedReference['kind']
    ? PrewrappedSource<Declared<Kind>, ReferenceTo<Kind>>
    : Kind extends LocalReference['kind']
      ? LocalSelfWrappingSource<Declared<Kind>, ReferenceTo<Kind>>
      : Kind extends WrapCommandReference['kind']
        ? RemoteSelfWrappingSource<Declared<Kind>, ReferenceTo<Kind>>
        : RemoteSource<Declared<Kind>, ReferenceTo<Kind>>;

type Declared<Kind extends SourceKind> = Readonly<Record<Kind, unknown>>;

/** The kinds of sources that a passphrase can come from too. */
export const PLAIN_KINDS = SOURCE_KINDS.filter(
  (kind): kind is PlainKind => SOURCES[kind].isLocal && givesBytes(kind),
);

/** Returns whether the source has bytes, which can have an encoding and a passphrase. */
export function givesBytes(kind: SourceKind): boolean {
  return 'read' in SOURCES[kind];
}

/** Returns whether the program declares the encoding of a source. */
export function isEncodingDeclared({
  kind,
  encoding,
  isEncodingDeclared: isDeclared,
}: SourceReference): boolean {
  return isDeclared === true || (encoding !== undefined && encoding !== SOURCES[kind].encoding);
}

/**
 * Makes the reference to a source that a program declares.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function referTo<Kind extends SourceKind>(kind: Kind, declared: object): ReferenceTo<Kind> {
  const source: Source = SOURCES[kind];
  const reference = source.refer(declared);
  // A preview looks up the names of the others, and refuses what is not there.
  if (!source.isLocal) assertOnlyNames(reference);
  return reference as ReferenceTo<Kind>;
}

/** Returns whether the source is read at preview: no network, no command, no side effect. */
export function isLocal<R extends Reference>(reference: R): reference is R & LocalReference {
  return SOURCES[reference.kind].isLocal && !needsCommand(reference);
}

/** Returns whether the source can be read again from its reference, without the program. */
export function isReadable(reference: SourceReference): boolean {
  const { kind, passphrase } = reference;
  return (
    SOURCES[kind].isReadable &&
    !needsCommand(reference) &&
    (passphrase === undefined || SOURCES[passphrase.kind].isReadable)
  );
}

function needsCommand(reference: Reference): boolean {
  const source: Source = SOURCES[reference.kind];
  return source.needsCommand?.(reference) === true;
}
