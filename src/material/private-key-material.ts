import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { materialKind, type ImportableKeySpec } from '../domain/key-specs';
import { assert } from '../errors';
import { wrap, type RandomBytes, type WrappingPublicKey } from './wrap';
import type { PublicKeyProof } from './material-proof';
import type { Material } from './material';
import type { NormalisedKey, PrivateKeyType } from './private-key';
import { SecretBytes } from './secret-bytes';

/** An RSA, EC or Ed25519 private key whose bytes are in this process. */
export class PrivateKeyMaterial implements Material, PublicKeyProof {
  readonly #type: PrivateKeyType;
  readonly #pkcs8: SecretBytes;

  /** Takes ownership of the bytes. */
  constructor({ type, pkcs8 }: NormalisedKey) {
    this.#type = type;
    this.#pkcs8 = new SecretBytes(pkcs8);
  }

  fingerprint(key: KeyReference): Fingerprint {
    return this.#pkcs8.expose((bytes) => fingerprint(key, bytes));
  }

  assertFits(keySpec: ImportableKeySpec): void {
    const expected = materialKind(keySpec);
    const fits =
      (this.#type.type === 'rsa' &&
        expected.kind === 'rsa' &&
        this.#type.modulusLength === expected.modulusLength) ||
      (this.#type.type === 'ec' && expected.kind === 'ec' && this.#type.curve === expected.curve) ||
      (this.#type.type === 'ed25519' && expected.kind === 'ed25519');
    assert(
      fits,
      'MATERIAL_KEY_TYPE',
      `material is ${nameOf(this.#type)}, and the key spec is ${keySpec}: give material of that key spec, or use another key`,
    );
  }

  wrapFor(key: WrappingPublicKey, random: RandomBytes): Buffer {
    return this.#pkcs8.expose((bytes) => wrap(bytes, key, random));
  }

  publicKey(): Buffer {
    return this.#pkcs8.expose((bytes) => {
      // A Buffer over the same memory, not a copy of it.
      const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
      return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    });
  }

  close(): void {
    this.#pkcs8.erase();
  }
}

function nameOf(type: PrivateKeyType): string {
  switch (type.type) {
    case 'rsa':
      return `an RSA private key of ${type.modulusLength} bits`;
    case 'ec':
      return `an EC private key on ${type.curve}`;
    case 'ed25519':
      return 'an Ed25519 private key';
  }
}
