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

/** A wrapping key as clients get it, and its private half. */
interface WrappingKey extends UnwrappingKey {
  readonly exponent: number;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
}

const generate = promisify(generateKeyPair);

// Above 2^16 (SP 800-56B §6.2.1), and three bytes in DER, so that public keys are as long as those of AWS.
const FIRST_EXPONENT = 65_537;

/** Number of keys of a modulus. OpenSSL's first use of a key costs half as much as an import. */
const KEYS = 32;

/**
 * The wrapping keys. Each call gets another key, as in AWS, so that a client that mixes the answers of two
 * calls is refused, unless just a multiple of {@link KEYS} calls lies between the two. They come in turn for all keys
 * and Regions of an account, because calls that follow each other are those that a client mixes. Generating an RSA
 * key is slow, so the keys of an account and spec share one modulus, and each has its own exponent. To
 * clients they are ordinary RSA keys. They would be useless as secrets, because each can be computed from
 * any other.
 */
export class WrappingKeys {
  readonly #moduli = new Map<string, Promise<Modulus>>();
  readonly #ready = new Map<string, Modulus>();

  /** Returns the next wrapping key; concurrent first calls share one generation of the modulus. */
  async make(
    accountId: string,
    spec: WrappingKeySpec,
  ): Promise<{ readonly id: WrappingKeyId; readonly publicKey: Buffer }> {
    const name = `${accountId}/${spec}`;
    let modulus = this.#moduli.get(name);
    if (modulus === undefined) {
      modulus = Modulus.generate(MODULUS_BITS[spec]).then((made) => {
        this.#ready.set(name, made);
        return made;
      });
      this.#moduli.set(name, modulus);
    }
    const { exponent, publicKey } = (await modulus).next();
    return { id: { accountId, spec, exponent }, publicKey };
  }

  /** Returns the private half of a key that this process made. */
  find({ accountId, spec, exponent }: WrappingKeyId): UnwrappingKey | undefined {
    return this.#ready.get(`${accountId}/${spec}`)?.find(exponent);
  }
}

/** The keys of one modulus, each made when it is first needed. */
class Modulus {
  readonly #keys = new Map<number, WrappingKey>();
  #order = this.#keys.values();
  #exponent = FIRST_EXPONENT;

  constructor(
    readonly bits: number,
    readonly factors: Factors,
  ) {}

  /** OpenSSL generates the modulus in its threads, so other requests do not wait. */
  static async generate(bits: number): Promise<Modulus> {
    const { privateKey } = await generate('rsa', { modulusLength: bits });
    return new Modulus(bits, readFactors(privateKey));
  }

  find(exponent: number): UnwrappingKey | undefined {
    return this.#keys.get(exponent);
  }

  next(): WrappingKey {
    return this.#keys.size < KEYS ? this.#make() : this.#again();
  }

  #make(): WrappingKey {
    for (;;) {
      const exponent = this.#exponent;
      this.#exponent += 2;
      const privateKey = privateKeyWith(this.factors, exponent);
      if (privateKey === undefined) continue;
      const { kty, n, e } = privateKey;
      const key = {
        exponent,
        modulusLength: this.bits / 8,
        privateKey,
        publicKey: createPublicKey({ key: { kty, n, e }, format: 'jwk' }).export({
          format: 'der',
          type: 'spki',
        }),
      };
      this.#keys.set(exponent, key);
      return key;
    }
  }

  #again(): WrappingKey {
    const { done, value } = this.#order.next();
    if (done !== true) return value;
    this.#order = this.#keys.values();
    return this.#again();
  }
}
