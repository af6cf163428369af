import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import type { ImportableKeySpec } from '../domain/key-specs';
import type { RandomBytes, WrappingPublicKey } from './wrap';

export type { RandomBytes } from './wrap';

/** What KMS gave for the import of one material into one key. */
export interface WrappedFor extends WrappingPublicKey {
  readonly keyArn: string;
  readonly importToken: Uint8Array;
  /** RFC 3339. */
  readonly parametersValidTo: string;
}

// A Material is responsible for proving which material it is and for handing it over wrapped. It
// never gives out plaintext, so that a key in an HSM, which wraps itself, is as much a material as
// bytes in a file. Its owner closes it after the last use; closing twice is allowed, and every other
// method may throw after that.
export interface Material {
  /** The parameters that the material is wrapped for already, where it can be wrapped for no others. */
  readonly wrappedFor?: WrappedFor;

  /**
   * Identifies the material within one key. Must not throw for material whose bytes could be opened.
   *
   * @throws {@link ByokError} `BUNDLE_KEY` for material that is wrapped for another key
   */
  fingerprint(key: KeyReference): Fingerprint;

  /**
   * Checks the material against the key it is for.
   *
   * @throws {@link ByokError} `MATERIAL_LENGTH`, `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE`, `BUNDLE_KEY`
   */
  assertFits(keySpec: ImportableKeySpec, region: string | undefined): void;

  /**
   * Wraps the material for one import.
   *
   * @throws {@link ByokError} `KMS_WRAPPING_KEY`
   */
  wrapFor(key: WrappingPublicKey, random: RandomBytes): Buffer;

  /** Erases what is held of the material. */
  close(): void;
}
