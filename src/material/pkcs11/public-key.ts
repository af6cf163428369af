import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { Curve } from '../../domain/key-specs';
import { CURVES, curveOid } from '../ec-key';
import { derElements, TAG } from '../der';

/** The curves of KMS, as OpenSSL and as JWK (RFC 7518, RFC 8812) name them. */
const JWK_CURVES: Readonly<Record<Curve, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  secp256k1: 'secp256k1',
};

/** Returns the curve that `CKA_EC_PARAMS` names, as OpenSSL names it; undefined for a curve that KMS does not have. */
export function namedCurve(parameters: Buffer): Curve | undefined {
  return CURVES.find((curve) => curveOid(curve).equals(parameters));
}

/** Returns the SubjectPublicKeyInfo of an RSA key in DER. */
export function rsaPublicKey(modulus: Buffer, exponent: Buffer): Buffer | undefined {
  return spki({ kty: 'RSA', n: text(withoutZeros(modulus)), e: text(withoutZeros(exponent)) });
}

/**
 * Returns the SubjectPublicKeyInfo of an EC key in DER.
 *
 * @param point - `CKA_EC_POINT`: an uncompressed point in an OCTET STRING, or on older tokens without it
 */
export function ecPublicKey(curve: Curve, point: Buffer): Buffer | undefined {
  const octets = unwrapped(point);
  const length = (octets.length - 1) / 2;
  if (octets[0] !== 4 || !Number.isInteger(length)) return undefined;
  const x = text(octets.subarray(1, 1 + length));
  const y = text(octets.subarray(1 + length));
  return spki({ kty: 'EC', crv: JWK_CURVES[curve], x, y });
}

/** Returns the SubjectPublicKeyInfo of an Ed25519 key in DER; undefined for another curve. */
export function edwardsPublicKey(point: Buffer): Buffer | undefined {
  const octets = unwrapped(point);
  return octets.length === 32 ? spki({ kty: 'OKP', crv: 'Ed25519', x: text(octets) }) : undefined;
}

function unwrapped(point: Buffer): Buffer {
  const elements = derElements(point);
  const [only] = elements ?? [];
  return only?.tag === TAG.octetString && elements?.length === 1 ? only.content : point;
}

function spki(key: JsonWebKey): Buffer | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

// An unsigned number may have zeros in front; a coordinate may begin with one.
function withoutZeros(number: Buffer): Buffer {
  return number.subarray(number.findIndex((byte) => byte !== 0));
}

function text(octets: Buffer): string {
  return octets.toString('base64url');
}
