import {
  createECDH,
  createHash,
  createPublicKey,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { derOfSignature, signatureOfDer } from './ecdsa-signature';
import type { CurveName } from './key-specs';
import type { SigningHash } from './signing-scheme';

/** The prime of the field and the order of the base point. */
interface Curve {
  readonly p: bigint;
  readonly n: bigint;
}

// SP 800-186 §3.2.1 for the NIST curves, SEC 2 §2.4.1 for secp256k1.
const CURVES: Readonly<Record<CurveName, Curve>> = {
  prime256v1: {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  secp384r1: {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  secp521r1: {
    p: 2n ** 521n - 1n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
  secp256k1: {
    p: 2n ** 256n - 2n ** 32n - 977n,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
};

/**
 * ECDSA of a digest (FIPS 186-5 §6.4.1). The per-message secret and its point are a fresh ECDH pair
 * of OpenSSL. No hash that AWS pairs with a curve is longer than the order, so none is cut.
 */
export function signDigestWithEcdsa(privateKey: KeyObject, digest: Buffer): Buffer {
  const name = curveOf(privateKey);
  const { n } = CURVES[name];
  const d = integer(privateKey.export({ format: 'jwk' }).d);
  const pair = createECDH(name);
  const [x] = coordinates(pair.generateKeys());
  const k = bigint(pair.getPrivateKey());
  const r = x % n;
  const s = (inverse(k, n) * (bigint(digest) + r * d)) % n;
  // At most one secret in 2^256 gives zero; then another secret is taken.
  if (r === 0n || s === 0n) return signDigestWithEcdsa(privateKey, digest);
  return derOfSignature({ r, s });
}

/**
 * Whether (r, s) signs digest z under the key Q (FIPS 186-5 §6.4.2). It does if it signs any other digest
 * z' under Q + ((z - z') / r) G, because both lead to the same point. So OpenSSL verifies it with a
 * message of our choice, and this code only adds two points.
 */
export function verifyDigestWithEcdsa(
  publicKey: KeyObject,
  hash: SigningHash,
  digest: Buffer,
  signature: Buffer,
): boolean {
  const name = curveOf(publicKey);
  const { n } = CURVES[name];
  const { r } = signatureOfDer(signature) ?? { r: 0n };
  if (r <= 0n || r >= n) return false;
  const message = Buffer.from('a message of our choice');
  const other = bigint(createHash(hash).update(message).digest());
  const factor = modulo((bigint(digest) - other) * inverse(r, n), n);
  const shifted = factor === 0n ? publicKey : plusMultiple(publicKey, name, factor);
  return shifted !== undefined && verify(hash, message, shifted, signature);
}

/** Returns the key whose point is that of `publicKey` plus `factor` times the base point. */
function plusMultiple(
  publicKey: KeyObject,
  name: CurveName,
  factor: bigint,
): KeyObject | undefined {
  const { p } = CURVES[name];
  const jwk = publicKey.export({ format: 'jwk' });
  const length = Buffer.from(jwk.x ?? '', 'base64url').length;
  const pair = createECDH(name);
  pair.setPrivateKey(bytes(factor, length));
  const [x1, y1] = [integer(jwk.x), integer(jwk.y)];
  const [x2, y2] = coordinates(pair.getPublicKey());
  // Equal points need another formula. Only a caller that knows the private key could cause them.
  if (x1 === x2) return undefined;
  const slope = modulo((y2 - y1) * inverse(modulo(x2 - x1, p), p), p);
  const x = modulo(slope * slope - x1 - x2, p);
  const y = modulo(slope * (x1 - x) - y1, p);
  const sum: JsonWebKey = {
    ...jwk,
    x: bytes(x, length).toString('base64url'),
    y: bytes(y, length).toString('base64url'),
  };
  return createPublicKey({ key: sum, format: 'jwk' });
}

function curveOf(key: KeyObject): CurveName {
  const name = Object.keys(CURVES).find((curve) => curve === key.asymmetricKeyDetails?.namedCurve);
  if (name === undefined) throw new Error('a key of another curve');
  return name as CurveName;
}

/** SEC 1 §2.3.4, the uncompressed form. */
function coordinates(point: Buffer): [bigint, bigint] {
  const half = (point.length - 1) / 2;
  return [bigint(point.subarray(1, 1 + half)), bigint(point.subarray(1 + half))];
}

/** The extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return modulo(x, modulus);
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function bigint(buffer: Buffer): bigint {
  return BigInt(`0x0${buffer.toString('hex')}`);
}

function integer(base64url: string | undefined): bigint {
  return bigint(Buffer.from(base64url ?? '', 'base64url'));
}

function bytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}
