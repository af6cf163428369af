import { createECDH, createPublicKey, type KeyObject } from 'node:crypto';
import type { Curve } from '../domain/key-specs';
import { assert } from '../errors';
import { derElement, derElements, TAG } from './der';

// Object identifiers of the named curves that KMS imports (RFC 5480 section 2.1.1.1, SEC 2), in DER.
const CURVE_OIDS: Readonly<Record<Curve, string>> = {
  prime256v1: '06082a8648ce3d030107',
  secp384r1: '06052b81040022',
  secp521r1: '06052b81040023',
  secp256k1: '06052b8104000a',
};

/** The curves that KMS imports. */
export const CURVES = Object.keys(CURVE_OIDS) as Curve[];

/** Returns the object identifier of a named curve in DER. */
export function curveOid(curve: Curve): Buffer {
  return Buffer.from(CURVE_OIDS[curve], 'hex');
}

// id-ecPublicKey (RFC 5480 section 2.1.1).
const EC_PUBLIC_KEY = Buffer.from('06072a8648ce3d0201', 'hex');

/**
 * Returns the PKCS#8 of an EC key in its one normal form: named curve, and with the public point, uncompressed,
 * as OpenSSL computes it from the private scalar. A key file may have no public point, a compressed one or, if it
 * is damaged, that of another key.
 *
 * @throws {@link ByokError} `MATERIAL_KEY_TYPE` for a curve that KMS does not import, `MATERIAL_KEY_FORMAT` for explicit
 * curve parameters and for a public point of another key
 */
export function ecPkcs8(key: KeyObject): Buffer {
  const named = key.asymmetricKeyDetails?.namedCurve ?? '';
  const curve = CURVES.find((each) => each === named);
  assert(
    named === '' || curve !== undefined,
    'MATERIAL_KEY_TYPE',
    `material is an EC private key on the curve ${named}, and KMS imports only P-256, P-384, P-521 and secp256k1: give a key on the curve of the key spec`,
  );
  const scalar = scalarOf(key);
  try {
    // OpenSSL accepts explicit curve parameters and keeps them, but KMS refuses them.
    assert(
      curve !== undefined && scalar !== undefined && hasNamedCurve(key, curveOid(curve)),
      'MATERIAL_KEY_FORMAT',
      'material is an EC key with explicit curve parameters, and KMS imports only named curves: convert it (openssl ec -param_enc named_curve)',
    );
    const point = pointOf(curve, scalar);
    assert(
      point !== undefined && isPointOf(key, point),
      'MATERIAL_KEY_FORMAT',
      'material is an EC key whose public part belongs to another key, so the file is damaged or put together from two keys: export the key again',
    );
    const publicPart = derElement(TAG.bitString, Buffer.of(0), point);
    // ECPrivateKey, RFC 5915 section 3, in PrivateKeyInfo, RFC 5208 section 5, which names the curve.
    const ecPrivateKey = derElement(
      TAG.sequence,
      derElement(TAG.integer, Buffer.of(1)),
      derElement(TAG.octetString, scalar),
      derElement(TAG.constructed1, publicPart),
    );
    const pkcs8 = derElement(
      TAG.sequence,
      derElement(TAG.integer, Buffer.of(0)),
      derElement(TAG.sequence, EC_PUBLIC_KEY, curveOid(curve)),
      derElement(TAG.octetString, ecPrivateKey),
    );
    ecPrivateKey.fill(0);
    return pkcs8;
  } finally {
    scalar?.fill(0);
  }
}

function hasNamedCurve(key: KeyObject, oid: Buffer): boolean {
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const isNamed = pkcs8.includes(oid);
  pkcs8.fill(0);
  return isNamed;
}

// OpenSSL writes the scalar as long as the order of the curve.
function scalarOf(key: KeyObject): Buffer | undefined {
  const sec1 = key.export({ format: 'der', type: 'sec1' });
  const [sequence] = derElements(sec1) ?? [];
  const [, octets] = derElements(sequence?.content ?? Buffer.alloc(0)) ?? [];
  const scalar = octets && Buffer.from(octets.content);
  sec1.fill(0);
  return scalar;
}

/** Returns 04 | x | y (SEC 1 section 2.3.3); undefined for a scalar that is zero or not below the order. */
function pointOf(curve: string, scalar: Buffer): Buffer | undefined {
  const pair = createECDH(curve);
  try {
    pair.setPrivateKey(scalar);
  } catch {
    return undefined;
  }
  return pair.getPublicKey();
}

function isPointOf(key: KeyObject, point: Buffer): boolean {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]).equals(point);
}
