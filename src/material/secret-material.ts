import { createHmac } from 'node:crypto';
import { fingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { materialKind, assertSecretLength, type ImportableKeySpec } from '../domain/key-specs';
import { assert } from '../errors';
import { wrap, type RandomBytes, type WrappingPublicKey } from './wrap';
import type { MacProof, MacHash } from './material-proof';
import type { Material } from './material';
import { SecretBytes } from './secret-bytes';

/** A symmetric or HMAC key whose bytes are in this process. */
export class SecretMaterial implements Material, MacProof {
  readonly #bytes: SecretBytes;

  /** Takes ownership of the bytes. */
  constructor(bytes: Buffer) {
    this.#bytes = new SecretBytes(bytes);
  }

  fingerprint(key: KeyReference): Fingerprint {
    return this.#bytes.expose((bytes) => fingerprint(key, bytes));
  }

  assertFits(keySpec: ImportableKeySpec, region: string | undefined): void {
    const { kind } = materialKind(keySpec);
    assert(
      kind === 'symmetric' || kind === 'hmac',
      'MATERIAL_KEY_FORMAT',
      `material is not a private key that can be read, and ${keySpec} takes one: PKCS#8, PKCS#1 or SEC1 in PEM or DER, or a private JWK`,
    );
    assertSecretLength(this.#bytes.length, keySpec, region);
  }

  wrapFor(key: WrappingPublicKey, random: RandomBytes): Buffer {
    return this.#bytes.expose((bytes) => wrap(bytes, key, random));
  }

  mac(hash: MacHash, message: Uint8Array): Buffer {
    return this.#bytes.expose((bytes) => createHmac(hash, bytes).update(message).digest());
  }

  close(): void {
    this.#bytes.erase();
  }
}
