import { createECDH, type JsonWebKey, type KeyObject } from 'node:crypto';
import { elementsIn, TAG } from './der';
import type { CurveName } from './key-specs';
import type { Pkcs8 } from './pkcs8';
import { privateKeyObject } from './private-key-object';

const EC_PUBLIC_KEY = '2a8648ce3d0201'; // 1.2.840.10045.2.1, RFC 5480 §2.1.1

// RFC 5480 §2.1.1.1; secp256k1: SEC 2 §A.2.1.
const CURVE_IDENTIFIERS: Readonly<Record<CurveName, string>> = {
  prime256v1: '2a8648ce3d030107', // 1.2.840.10045.3.1.7
  secp384r1: '2b81040022', // 1.3.132.0.34
  secp521r1: '2b81040023', // 1.3.132.0.35
  secp256k1: '2b8104000a', // 1.3.132.0.10
};

/**
 * Returns the private key, if its curve is named by the right identifier; undefined for another curve and
 * for explicit parameters (Developer Guide, importing-keys-conceptual: "named curve"), even when they
 * describe the right curve. KMS takes only the private key and derives the public one (recorded:
 * GetPublicKey). That it refuses a public key which does not belong to it is inferred.
 */
export function readEcKey(curve: CurveName, pkcs8: Pkcs8, key: KeyObject): KeyObject | undefined {
  const identifier = CURVE_IDENTIFIERS[curve];
  const { parameters } = pkcs8;
  if (pkcs8.algorithm !== EC_PUBLIC_KEY || parameters?.tag !== TAG.objectIdentifier)
    return undefined;
  if (parameters.content.toString('hex') !== identifier) return undefined;
  if (!innerParametersAgree(pkcs8.privateKey, identifier)) return undefined;
  const given = key.export({ format: 'jwk' });
  const whole = withPublicKey(curve, given);
  if (whole === undefined || whole.x !== given.x || whole.y !== given.y) return undefined;
  // A key without its public point, or with a compressed one, is brought to the usual form.
  return privateKeyObject({ key: whole, format: 'jwk' });
}

/** RFC 5915 §3 allows the curve a second time in the key itself. */
function innerParametersAgree(ecPrivateKey: Buffer, identifier: string): boolean {
  const [sequence] = elementsIn(ecPrivateKey) ?? [];
  const inner = sequence && elementsIn(sequence.content);
  if (inner === undefined) return false;
  const parameters = inner.find(({ tag }) => tag === TAG.context0);
  if (parameters === undefined) return true;
  const [named] = elementsIn(parameters.content) ?? [];
  return named?.tag === TAG.objectIdentifier && named.content.toString('hex') === identifier;
}

function withPublicKey(curve: CurveName, jwk: JsonWebKey): JsonWebKey | undefined {
  const pair = createECDH(curve);
  try {
    pair.setPrivateKey(jwk.d ?? '', 'base64url');
  } catch {
    return undefined; // zero, or not below the order of the curve
  }
  // SEC 1 §2.3.3: 04 | x | y, both as long as the field.
  const point = pair.getPublicKey().subarray(1);
  const half = point.length / 2;
  return {
    ...jwk,
    x: point.subarray(0, half).toString('base64url'),
    y: point.subarray(half).toString('base64url'),
  };
}
