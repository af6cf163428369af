import { constants, sign, verify, type KeyObject } from 'node:crypto';
import { signDigest, verifyDigest } from './digest-signing';
import { notServed } from '../errors/kms-error';
import { DIGEST_BYTES, type SigningScheme } from './signing-scheme';
import { invalidDigestLength, invalidMessageType } from '../errors/usage-errors';

/** The members of Sign and Verify that choose how to sign. */
export interface SigningRequest {
  readonly algorithm: string;
  readonly messageType: string;
  readonly message: Buffer;
}

const RSA_SIGNING_ALGORITHM = /^RSASSA_(?<scheme>PSS|PKCS1_V1_5)_SHA_(?<bits>\d{3})$/;
const ECDSA_ALGORITHM = /^ECDSA_SHA_(?<bits>\d{3})$/;

/**
 * Returns the scheme of an algorithm, if the message fits it. A DIGEST has the length of
 * the algorithm's hash (recorded); EXTERNAL_MU is for ML-DSA, and Ed25519 and ML-DSA sign RAW messages (API
 * reference, Sign).
 *
 * @throws {@link KmsError} ValidationException when it does not fit, UnsupportedOperationException for
 * ED25519_PH_SHA_512 and EXTERNAL_MU: node:crypto has no prehashed Ed25519, and takes no mu of ML-DSA.
 */
export function schemeFor({ algorithm, messageType, message }: SigningRequest): SigningScheme {
  if (algorithm === 'ED25519_PH_SHA_512') throw notServed(`SigningAlgorithm ${algorithm}`);
  const scheme = schemeOf(algorithm);
  if (scheme.kind === 'ml-dsa' && messageType === 'EXTERNAL_MU') {
    throw notServed(`MessageType ${messageType}`);
  }
  const types = 'hash' in scheme ? ['RAW', 'DIGEST'] : ['RAW'];
  if (!types.includes(messageType)) throw invalidMessageType(messageType, algorithm);
  if (
    messageType === 'DIGEST' &&
    'hash' in scheme &&
    message.length !== DIGEST_BYTES[scheme.hash]
  ) {
    throw invalidDigestLength(algorithm);
  }
  return scheme;
}

/** Signs a message, or its digest with the same result as the message. */
export function signWith(
  privateKey: KeyObject,
  scheme: SigningScheme,
  { messageType, message }: SigningRequest,
): Buffer {
  if (!('hash' in scheme)) return sign(null, message, privateKey);
  if (messageType === 'DIGEST') return signDigest(privateKey, scheme, message);
  return sign(scheme.hash, message, { key: privateKey, ...paddingOf(scheme) });
}

/** Whether a signature is valid; malformed signatures are not, and do not throw. */
export function verifyWith(
  publicKey: KeyObject,
  scheme: SigningScheme,
  { messageType, message }: SigningRequest,
  signature: Buffer,
): boolean {
  if (!('hash' in scheme)) return verify(null, message, publicKey, signature);
  if (messageType === 'DIGEST') return verifyDigest(publicKey, scheme, message, signature);
  return verify(scheme.hash, message, { key: publicKey, ...paddingOf(scheme) }, signature);
}

function schemeOf(algorithm: string): SigningScheme {
  const rsa = RSA_SIGNING_ALGORITHM.exec(algorithm)?.groups;
  if (rsa !== undefined) {
    return { kind: rsa.scheme === 'PSS' ? 'pss' : 'pkcs1', hash: hashOf(rsa.bits) };
  }
  const ecdsa = ECDSA_ALGORITHM.exec(algorithm)?.groups;
  if (ecdsa !== undefined) return { kind: 'ecdsa', hash: hashOf(ecdsa.bits) };
  return { kind: algorithm === 'ML_DSA_SHAKE_256' ? 'ml-dsa' : 'ed25519' };
}

function hashOf(bits: string | undefined) {
  if (bits === '384') return 'sha384';
  return bits === '512' ? 'sha512' : 'sha256';
}

/** The salt of RSASSA-PSS is as long as the hash (API reference, Sign). */
function paddingOf({ kind }: SigningScheme) {
  if (kind !== 'pss') return {};
  return {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
}
