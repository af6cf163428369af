import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import type { ImportableKeySpec } from '../domain/key-specs';
import type { WrappingPublicKey } from '../wrap/wrap';
import type { Encoding } from './encoding';

// A Material is responsible for proving which material it is and for handing it over wrapped. It
// never gives out plaintext, so that a key in an HSM, which wraps itself, is as much a material as
// bytes in a file. Its owner closes it after the last use; closing twice is allowed, and every other
// method may throw after that.
export interface Material {
  /** Identifies the material within one key. Must not throw for material that could be opened. */
  fingerprint(key: KeyReference): Fingerprint;

  /**
   * Checks the material against the key it is for.
   *
   * @throws {@link ByokError} `MATERIAL_LENGTH`
   */
  needsFit(keySpec: ImportableKeySpec, region: string | undefined): void;

  /**
   * Wraps the material for one import.
   *
   * @throws {@link ByokError} `KMS_WRAPPING_KEY`
   */
  wrapFor(key: WrappingPublicKey): Buffer;

  /** Erases what is held of the material. */
  close(): void;
}

/** Where material comes from: what stands in state and what a diff compares. Never the material. */
export type SourceReference =
  | { readonly kind: 'inline'; readonly encoding: Encoding }
  | { readonly kind: 'file'; readonly file: string; readonly encoding: Encoding }
  | { readonly kind: 'env'; readonly env: string; readonly encoding: Encoding };
