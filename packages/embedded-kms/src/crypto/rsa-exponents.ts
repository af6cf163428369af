import type { KeyObject } from 'node:crypto';

/** An RSA private key with two primes as a JWK (RFC 7518 §6.3): big-endian numbers in base64url. */
export interface RsaPrivateJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly d: string;
  readonly p: string;
  readonly q: string;
  readonly dp: string;
  readonly dq: string;
  readonly qi: string;
}

/** The parts of an RSA key that do not depend on its exponent, and its two primes. */
export interface Factors {
  readonly shared: Omit<RsaPrivateJwk, 'e' | 'd' | 'dp' | 'dq'>;
  readonly p: bigint;
  readonly q: bigint;
}

/** Reads the parts of an RSA key that another exponent leaves unchanged. */
export function readFactors(privateKey: KeyObject): Factors {
  const { n = '', p = '', q = '', qi = '' } = privateKey.export({ format: 'jwk' });
  return { shared: { kty: 'RSA', n, p, q, qi }, p: fromBase64url(p), q: fromBase64url(q) };
}

/**
 * Returns the RSA key with this modulus and this public exponent (RFC 8017 §3.2), or undefined when the
 * modulus has no such key, because the exponent has a factor in common with (p - 1)(q - 1).
 */
export function privateKeyWith(
  { shared, p, q }: Factors,
  exponent: number,
): RsaPrivateJwk | undefined {
  const e = BigInt(exponent);
  const phi = (p - 1n) * (q - 1n);
  const inverse = inverseOf(phi % e, e);
  if (inverse === undefined) return undefined;
  // The exponent is small, so e·d = 1 + k·phi is solved for k modulo e, which is much cheaper.
  const d = (1n + (e - inverse) * phi) / e;
  return {
    ...shared,
    e: toBase64url(e),
    d: toBase64url(d),
    dp: toBase64url(d % (p - 1n)),
    dq: toBase64url(d % (q - 1n)),
  };
}

/** The inverse of a number, by the extended Euclidean algorithm; undefined when there is none. */
function inverseOf(value: bigint, modulus: bigint): bigint | undefined {
  let [high, low] = [modulus, value];
  let [before, inverse] = [0n, 1n];
  while (low !== 0n) {
    const quotient = high / low;
    [high, low] = [low, high - quotient * low];
    [before, inverse] = [inverse, before - quotient * inverse];
  }
  if (high !== 1n) return undefined;
  return before < 0n ? before + modulus : before;
}

function fromBase64url(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
}

function toBase64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
