import { createHmac } from 'node:crypto';
import { fingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { materialKind, assertSecretLength, type ImportableKeySpec } from '../domain/key-specs';
import { assert } from '../errors';
import { wrap, type RandomBytes, type WrappingPublicKey } from './wrap';
import type { MacProof, MacHash } from './material-proof';
import type { Material } from './material';
import { inspect } from 'node:util';

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
      `material is not a private key that can be read, and ${keySpec} needs one: PKCS#8, PKCS#1 or SEC1 in PEM or DER, or a private JWK`,
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

/**
 * Keeps plaintext key material. Nothing prints it, logs it or turns it into JSON by accident, and it can be
 * erased. Copies may still remain: strings that the bytes were decoded from, and pages that the operating
 * system swapped out.
 */
export class SecretBytes {
  readonly #bytes: Buffer;

  /** Takes ownership: the caller must not keep the buffer. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The number of bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Passes the bytes to a function that must not keep them. */
  expose<T>(borrow: (bytes: Uint8Array) => T): T {
    return borrow(this.#bytes);
  }

  /** Overwrites the bytes with zeros. */
  erase(): void {
    this.#bytes.fill(0);
  }

  toJSON(): string {
    return '[secret]';
  }

  toString(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
