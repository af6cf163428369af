import type { Fingerprint } from '../domain/fingerprint';
import { parseKeyReference, sameKey, type KeyReference } from '../domain/identifiers';
import type { ImportableKeySpec } from '../domain/key-specs';
import type { SourceKind } from '../domain/source-kinds';
import { assert } from '../errors';
import { noCheckValueOf } from './check-value';
import { identifier, type Bundle, type WrappedFile } from './bundle';
import type { Material, WrappedFor } from './material';
import { assertWrappedLength } from './wrapped-length';

/** Material that was wrapped elsewhere. Its plaintext never reaches this process. */
export class WrappedMaterial implements Material {
  readonly wrappedFor: WrappedFor;
  readonly #bundle: Bundle;
  readonly #ciphertext: Buffer;
  readonly #fingerprint: Fingerprint;

  /**
   * @throws {@link ByokError} `BUNDLE_MISMATCH` if the two files do not belong together,
   * `WRAPPED_LENGTH` if the ciphertext cannot come from the algorithm of the bundle
   */
  constructor(bundle: Bundle, wrapped: WrappedFile) {
    assert(
      wrapped.bundleId === identifier(bundle),
      'BUNDLE_MISMATCH',
      'the wrapped file was wrapped for another bundle: give the bundle and the wrapped file of one ceremony',
    );
    this.#bundle = bundle;
    this.#ciphertext = Buffer.from(wrapped.encryptedKeyMaterial, 'base64');
    this.#fingerprint = wrapped.materialFingerprint;
    this.wrappedFor = {
      keyArn: bundle.keyArn,
      wrappingAlgorithm: bundle.wrappingAlgorithm,
      wrappingKeySpec: bundle.wrappingKeySpec,
      publicKey: Buffer.from(bundle.publicKey, 'base64'),
      importToken: Buffer.from(bundle.importToken, 'base64'),
      parametersValidTo: bundle.parametersValidTo,
    };
    assertWrappedLength(this.#ciphertext, bundle, 'wrap the material again for this bundle');
  }

  fingerprint(key: KeyReference): Promise<Fingerprint> {
    assert(
      sameKey(parseKeyReference(this.#bundle.keyArn), key),
      'BUNDLE_KEY',
      'the bundle was made for another key than keyId names, and KMS accepts its token only for that key: make a bundle for this key, or correct keyId',
    );
    return Promise.resolve(this.#fingerprint);
  }

  assertFits(keySpec: ImportableKeySpec | undefined): void {
    assert(
      keySpec === undefined || this.#bundle.keySpec === keySpec,
      'BUNDLE_KEY',
      `the bundle was made for a key of spec ${this.#bundle.keySpec}, but the key spec is ${String(keySpec)}: make a bundle for this key`,
    );
  }

  wrapFor(): Promise<Buffer> {
    return Promise.resolve(this.#ciphertext);
  }

  checkValue(): Promise<never> {
    return Promise.reject(noCheckValueOf('wrapped'));
  }

  close(): void {
    // A ciphertext is not secret.
  }
}

/**
 * Refuses an import token that has expired. It is valid for 24 hours (AWS KMS API Reference,
 * GetParametersForImport).
 *
 * @param parametersValidTo - RFC 3339; undefined for material that is wrapped for each import
 * @throws {@link ByokError} `BUNDLE_EXPIRED`
 */
export function assertTokenNotExpired(parametersValidTo: string | undefined, now: Date): void {
  assert(
    parametersValidTo === undefined || now.getTime() < Date.parse(parametersValidTo),
    'BUNDLE_EXPIRED',
    `the import token of the bundle expired at ${parametersValidTo ?? ''}, and an import is needed: make a new bundle, wrap the material again, and give both files`,
  );
}

/**
 * Refuses a source whose material nobody here can compute a check value of.
 *
 * @throws {@link ByokError} `CHECK_VALUE_UNAVAILABLE`
 */
export function assertGivesCheckValue(kind: SourceKind): void {
  if (kind === 'wrapped' || kind === 'wrapCommand') throw noCheckValueOf(kind);
}
