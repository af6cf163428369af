import { createHmac } from 'node:crypto';
import type { CheckValue } from '../domain/check-value';
import { fingerprint, fingerprintForm, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { assertSecretLength, secretLengths, type ImportableKeySpec } from '../domain/key-specs';
import { assert, ByokError } from '../errors';
import { aesCmac, CHECK_MESSAGE, macCheckValue, macOf } from './check-value';
import type { Encoding } from './encoding';
import { hintOf, lookalikeOf, type Lookalike } from './lookalike';
import { isOnlySecret } from './text';
import { wrap, type WrappingPublicKey } from './wrap';
import type { MacProof, MacHash } from './material-proof';
import type { CheckedKey, Material, WrapContext } from './material';
import { inspect } from 'node:util';

/** How bytes became the secret. */
interface SecretOrigin {
  /** Whether the program declares the encoding `raw`: the bytes are the secret, no matter what they look like. */
  readonly isDeliberate: boolean;
  /** Another encoding that the content of the source seemed to have before it was decoded. */
  readonly lookalike?: Lookalike | undefined;
  /** The encoding that the source was read in. */
  readonly encoding?: Encoding | undefined;
}

// Of a JWK, the kty says it, no matter how its octets look.
const OCTET_JWK: Lookalike = {
  what: 'a JWK of type oct, which has a secret',
  remedy: 'give the private JWK, which has another kty',
};

/** A symmetric or HMAC key whose bytes are in this process. */
export class SecretMaterial implements Material, MacProof {
  readonly #bytes: SecretBytes;
  readonly #origin: SecretOrigin;

  /** Takes ownership of the bytes. */
  constructor(bytes: Buffer, origin: SecretOrigin = { isDeliberate: false }) {
    this.#bytes = new SecretBytes(bytes);
    this.#origin = origin;
  }

  fingerprint(key: KeyReference): Promise<Fingerprint> {
    return Promise.resolve(this.#bytes.expose((bytes) => fingerprint(key, bytes)));
  }

  assertFits(keySpec: ImportableKeySpec | undefined, region: string | undefined): void {
    const lengths = keySpec === undefined ? undefined : secretLengths(keySpec, region);
    if (keySpec !== undefined && lengths === undefined) {
      assert(
        this.#bytes.length > 0,
        'MATERIAL_KEY_FORMAT',
        `material is empty, and ${keySpec} needs a private key: look at what the source gives`,
      );
      throw new ByokError(
        'MATERIAL_KEY_FORMAT',
        `material is not a private key that can be read, and ${keySpec} needs one: PKCS#8, PKCS#1 or SEC1 in PEM or DER, or a private JWK${hintOf(this.#lookalike(keySpec))}`,
      );
    }
    const { length } = this.#bytes;
    const { isDeliberate } = this.#origin;
    const lookalike = this.#lookalike(keySpec);
    const seen = lookalike ?? this.#bytes.expose((bytes) => lineEnd(bytes, lengths?.usual));
    const hint = seen === undefined ? '' : hintOf(seen);
    assertSecretLength({ length, isDeliberate, hint }, keySpec, region);
    if (isDeliberate || lookalike === undefined) return;
    throw new ByokError(
      'MATERIAL_ENCODING',
      `material has the length of a secret, but is not random${hint}; if these are the bytes of the key, set encoding: 'raw'`,
    );
  }

  #lookalike(keySpec: ImportableKeySpec | undefined): Lookalike | undefined {
    const { lookalike, encoding } = this.#origin;
    if (lookalike !== undefined) return lookalike;
    if (encoding === 'jwk' && keySpec !== undefined && fingerprintForm(keySpec) !== 'v1') {
      return OCTET_JWK;
    }
    return this.#bytes.expose((bytes) => {
      const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const isSecret = keySpec === undefined || fingerprintForm(keySpec) === 'v1';
      return isSecret && isOnlySecret(content)
        ? undefined
        : lookalikeOf(content, keySpec, encoding);
    });
  }

  wrapFor(key: WrappingPublicKey, { random }: WrapContext): Promise<Buffer> {
    return Promise.resolve(this.#bytes.expose((bytes) => wrap(bytes, key, random)));
  }

  mac(hash: MacHash, message: Uint8Array): Buffer {
    return this.#bytes.expose((bytes) => createHmac(hash, bytes).update(message).digest());
  }

  checkValue(key: CheckedKey): Promise<CheckValue> {
    const mac = macOf(key);
    const result =
      mac === 'cmac'
        ? this.#bytes.expose((bytes) => aesCmac(bytes, CHECK_MESSAGE))
        : this.mac(mac, CHECK_MESSAGE);
    return Promise.resolve(macCheckValue(mac, result));
  }

  close(): void {
    this.#bytes.erase();
  }
}

// Only for a secret of another length: one random key in 256 ends in a line feed.
function lineEnd(bytes: Uint8Array, usual: number | undefined): Lookalike | undefined {
  const end = /\r?\n$/.exec(Buffer.from(bytes.slice(-2)).toString('latin1'))?.[0].length ?? 0;
  return end > 0 && bytes.length - end === usual
    ? {
        what: `${usual} bytes and a line end`,
        remedy: 'write the material without it (printf instead of echo)',
      }
    : undefined;
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
