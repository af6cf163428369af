import type { Encoding } from './encoding';

/** Where text or bytes can be read again; what is inline in the program cannot. */
export type ReadableReference =
  { readonly kind: 'file'; readonly file: string } | { readonly kind: 'env'; readonly env: string };

/** Where something comes from, never the thing itself. */
export type Reference = { readonly kind: 'inline' } | ReadableReference;

/** Where material comes from: what stands in state and what a diff compares. Never the material. */
export type SourceReference = Reference & {
  readonly encoding: Encoding;
  /** Where the passphrase of an encrypted private key comes from. */
  readonly passphrase?: Reference | undefined;
};

/** Whether the source can be read again from its reference alone. */
export function isReadable(
  reference: SourceReference,
): reference is SourceReference & ReadableReference & { readonly passphrase?: ReadableReference } {
  return reference.kind !== 'inline' && reference.passphrase?.kind !== 'inline';
}
