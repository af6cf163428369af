import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import type { ImportableKeySpec } from '../domain/key-specs';
import type { RandomBytes, WrappingPublicKey } from '../wrap/wrap';

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
   * @throws {@link ByokError} `MATERIAL_LENGTH`, `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE`
   */
  needsFit(keySpec: ImportableKeySpec, region: string | undefined): void;

  /**
   * Wraps the material for one import.
   *
   * @throws {@link ByokError} `KMS_WRAPPING_KEY`
   */
  wrapFor(key: WrappingPublicKey, random: RandomBytes): Buffer;

  /** Erases what is held of the material. */
  close(): void;
}
