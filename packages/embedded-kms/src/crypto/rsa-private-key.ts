import { checkPrime, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { elementsIn, TAG } from './der';
import type { Pkcs8 } from './pkcs8';

const RSA_ENCRYPTION = '2a864886f70d010101'; // 1.2.840.113549.1.1.1, RFC 8017 §C

const isPrime: (candidate: bigint) => Promise<boolean> = promisify(checkPrime);

/**
 * Returns an RSA key with the given modulus size and two primes (Developer Guide,
 * importing-keys-conceptual); undefined for another size, more primes, and numbers that are no RSA key.
 * AWS also requires the primes to pass FIPS 186-5 A.1.3; here they only have to be primes. The test takes
 * as long as a hundred private-key operations, so it runs in OpenSSL's threads.
 */
export async function readRsaKey(
  modulusBits: number,
  pkcs8: Pkcs8,
  key: KeyObject,
): Promise<KeyObject | undefined> {
  if (pkcs8.algorithm !== RSA_ENCRYPTION || !hasTwoPrimes(pkcs8.privateKey)) return undefined;
  if (key.asymmetricKeyDetails?.modulusLength !== modulusBits) return undefined;
  const { n, e, d, p, q, dp, dq, qi } = numbersOf(key.export({ format: 'jwk' }));
  const consistent =
    p > 1n &&
    q > 1n &&
    p !== q &&
    p * q === n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    (qi * q) % p === 1n;
  if (!consistent) return undefined;
  return (await isPrime(p)) && (await isPrime(q)) ? key : undefined;
}

/** RFC 8017 §A.1.2: the version is 0 for two primes and 1 for more, which follow at the end. */
function hasTwoPrimes(rsaPrivateKey: Buffer): boolean {
  const [sequence] = elementsIn(rsaPrivateKey) ?? [];
  const [version] = (sequence && elementsIn(sequence.content)) ?? [];
  return version?.tag === TAG.integer && version.content.every((byte) => byte === 0);
}

type RsaNumber = 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'; // RFC 7518 §6.3

function numbersOf(jwk: JsonWebKey): Readonly<Record<RsaNumber, bigint>> {
  const number = (name: RsaNumber) =>
    BigInt(`0x0${Buffer.from(jwk[name] ?? '', 'base64url').toString('hex')}`);
  return {
    n: number('n'),
    e: number('e'),
    d: number('d'),
    p: number('p'),
    q: number('q'),
    dp: number('dp'),
    dq: number('dq'),
    qi: number('qi'),
  };
}
