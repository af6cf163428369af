import type { CheckValue } from '../domain/check-value';
import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import type { ImportableKeySpec, WrappingAlgorithm } from '../domain/key-specs';
import type { RandomBytes, WrappingPublicKey } from './wrap';

export type { CheckValue } from '../domain/check-value';
export type { RandomBytes } from './wrap';

/** The parameters that KMS issued for the import of one material into one key. */
export interface WrappedFor extends WrappingPublicKey {
  readonly keyArn: string;
  readonly importToken: Uint8Array;
  /** RFC 3339. */
  readonly parametersValidTo: string;
}

/** The import that material is wrapped for. */
export interface WrapContext {
  readonly keyArn: string;
  readonly keySpec: ImportableKeySpec;
  readonly random: RandomBytes;
  /** Ends a program or a device that takes too long. */
  readonly signal: AbortSignal;
}

/** The key that a check value is for. */
export interface CheckedKey {
  readonly keySpec: ImportableKeySpec;
  readonly region: string | undefined;
}

// A Material is responsible for proving which material it is and for wrapping it. It never returns
// plaintext, so a key in an HSM that wraps itself can be a Material too. Who created it closes it after the
// last use. Closing twice is allowed; every other method may throw after that.
export interface Material {
  /** The parameters that the material was wrapped with; absent if it can be wrapped for any. */
  readonly wrappedFor?: WrappedFor;

  /** The algorithms that the material can be wrapped by; absent if it can be by all. */
  readonly wrappingAlgorithms?: readonly WrappingAlgorithm[];

  /**
   * Identifies the material within one key. Must not fail for material that was opened.
   *
   * @throws {@link ByokError} `BUNDLE_KEY` for material that is wrapped for another key
   */
  fingerprint(key: KeyReference): Promise<Fingerprint>;

  /**
   * Checks that the material fits the key spec.
   *
   * @param keySpec - undefined if it is not known: then the material has to fit one
   * @throws {@link ByokError} `MATERIAL_LENGTH`, `MATERIAL_ENCODING`, `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE`,
   * `BUNDLE_KEY`
   */
  assertFits(keySpec: ImportableKeySpec | undefined, region: string | undefined): void;

  /**
   * Wraps the material for one import.
   *
   * @returns EncryptedKeyMaterial
   * @throws {@link ByokError} `KMS_WRAPPING_KEY`, and the errors of a source that wraps its material itself
   */
  wrapFor(key: WrappingPublicKey, context: WrapContext): Promise<Buffer>;

  /**
   * Computes the check value of the material.
   *
   * @throws {@link ByokError} `CHECK_VALUE_UNAVAILABLE` if nobody here can compute it
   */
  checkValue(key: CheckedKey): Promise<CheckValue>;

  /**
   * Erases the material from memory. Waits for nothing: material that is elsewhere asks for the end of what it uses
   * there, and the code that closes the connection to it waits for that.
   */
  close(): void;
}
