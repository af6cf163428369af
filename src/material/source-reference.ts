import type { SourceKind } from '../domain/source-kinds';
import type { Encoding } from './encoding';
import { SOURCES, type LocalKind, type PlainKind } from './sources';

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
