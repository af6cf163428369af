import { createPublicKey, generateKeyPair, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { privateKeyWith, readFactors, type Factors } from './rsa-exponents';

const MODULUS_BITS = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const;

/** A wrapping key spec that is served. SM2, which only China Regions have, is not. */
export type WrappingKeySpec = keyof typeof MODULUS_BITS;

/** Whether a wrapping key spec is served. */
export function isWrappingKeySpec(spec: string): spec is WrappingKeySpec {
  return Object.hasOwn(MODULUS_BITS, spec);
}

/** Identifies a wrapping key: its modulus, by account and spec, and its public exponent. */
export interface WrappingKeyId {
  readonly accountId: string;
  readonly spec: WrappingKeySpec;
  readonly exponent: number;
}

/** The private half of a wrapping key. */
export interface UnwrappingKey {
  /** Bytes of the modulus: the length of every RSA-OAEP ciphertext (RFC 8017 §7.1.1). */
  readonly modulusLength: number;
  readonly privateKey: webcrypto.JsonWebKey;
}

const generate = promisify(generateKeyPair);

// Above 2^16 (SP 800-56B §6.2.1), and three bytes in DER, so that public keys are as long as those of AWS.
const FIRST_EXPONENT = 65_537;
const LAST_EXPONENT = 2 ** 23 - 1;

/**
 * The wrapping keys. Each call gets a key of its own, as in AWS, so that a client that mixes the answers
 * of two calls is refused. Generating an RSA key is slow, so the keys of an account and spec share one
 * modulus, and each has its own exponent. To clients they are ordinary RSA keys. They would be useless as
 * secrets, because each can be computed from any other.
 */
export class WrappingKeys {
  readonly #pending = new Map<string, Promise<Factors>>();
  readonly #ready = new Map<string, Factors>();
  #exponent = LAST_EXPONENT;

  /** Makes a wrapping key; concurrent first calls share one generation of the modulus. */
  async make(
    accountId: string,
    spec: WrappingKeySpec,
  ): Promise<{ readonly id: WrappingKeyId; readonly publicKey: Buffer }> {
    const factors = await this.#factors(accountId, spec);
    for (;;) {
      const exponent = this.#nextExponent();
      const privateKey = privateKeyWith(factors, exponent);
      if (privateKey === undefined) continue;
      const { kty, n, e } = privateKey;
      const publicKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
      return {
        id: { accountId, spec, exponent },
        publicKey: publicKey.export({ format: 'der', type: 'spki' }),
      };
    }
  }

  /** Returns the private half of a key that this process made. */
  find({ accountId, spec, exponent }: WrappingKeyId): UnwrappingKey | undefined {
    const factors = this.#ready.get(`${accountId}/${spec}`);
    const privateKey = factors && privateKeyWith(factors, exponent);
    return privateKey && { modulusLength: MODULUS_BITS[spec] / 8, privateKey };
  }

  #nextExponent(): number {
    this.#exponent = this.#exponent < LAST_EXPONENT ? this.#exponent + 2 : FIRST_EXPONENT;
    return this.#exponent;
  }

  /** OpenSSL generates the modulus in its threads, so other requests do not wait. */
  #factors(accountId: string, spec: WrappingKeySpec): Promise<Factors> {
    const name = `${accountId}/${spec}`;
    let pending = this.#pending.get(name);
    if (pending === undefined) {
      pending = generate('rsa', { modulusLength: MODULUS_BITS[spec] }).then(({ privateKey }) => {
        const factors = readFactors(privateKey);
        this.#ready.set(name, factors);
        return factors;
      });
      this.#pending.set(name, pending);
    }
    return pending;
  }
}
