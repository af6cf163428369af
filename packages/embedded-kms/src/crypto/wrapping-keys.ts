import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const MODULUS_BITS = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const;

/** A wrapping key spec that is served. SM2, which only China Regions have, is not. */
export type WrappingKeySpec = keyof typeof MODULUS_BITS;

/** Whether a wrapping key spec is served. */
export function isWrappingKeySpec(spec: string): spec is WrappingKeySpec {
  return Object.hasOwn(MODULUS_BITS, spec);
}

/** An RSA pair whose public key clients wrap with. */
export interface WrappingKey {
  readonly id: string;
  /** Bytes of the modulus: the length of every RSA-OAEP ciphertext (RFC 8017 §7.1.1). */
  readonly modulusLength: number;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/**
 * The wrapping keys, one for each account and spec (AWS: "unique to your AWS account"). Each is generated
 * once, because generating an RSA key is slow; OpenSSL does it in its threads, so other requests do not
 * wait.
 */
export class WrappingKeys {
  readonly #pending = new Map<string, Promise<WrappingKey>>();
  readonly #ready = new Map<string, WrappingKey>();

  /** The wrapping key of an account; concurrent first calls share one generation. */
  get(accountId: string, spec: WrappingKeySpec): Promise<WrappingKey> {
    const id = `${accountId}/${spec}`;
    let pending = this.#pending.get(id);
    if (pending === undefined) {
      pending = this.#generate(id, spec);
      this.#pending.set(id, pending);
    }
    return pending;
  }

  /** Returns a wrapping key that `get` has returned before. */
  find(id: string): WrappingKey | undefined {
    return this.#ready.get(id);
  }

  async #generate(id: string, spec: WrappingKeySpec): Promise<WrappingKey> {
    const modulusBits = MODULUS_BITS[spec];
    const pair = await generate('rsa', { modulusLength: modulusBits });
    const key = {
      id,
      modulusLength: modulusBits / 8,
      publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }),
      privateKey: pair.privateKey,
    };
    this.#ready.set(id, key);
    return key;
  }
}
