import { factsOfKey, type KeySpecFacts } from '../crypto/key-specs';
import type { KeyRecord } from '../state/records';
import {
  incompatibleAlgorithm,
  incompatibleUsage,
  invalidKeyUsage,
  keyUsageMissing,
} from '../errors/usage-errors';

/** The usages of keys. */
export type KeyUsage =
  | 'ENCRYPT_DECRYPT'
  | 'SIGN_VERIFY'
  | 'GENERATE_VERIFY_MAC'
  | 'KEY_AGREEMENT'
  | 'ENCAPSULATE_DECAPSULATE';

/** The members of KeyMetadata and GetPublicKey that list algorithms. */
interface Algorithms {
  readonly EncryptionAlgorithms?: readonly string[];
  readonly SigningAlgorithms?: readonly string[];
  readonly MacAlgorithms?: readonly string[];
  readonly KeyAgreementAlgorithms?: readonly string[];
  readonly EncapsulationAlgorithms?: readonly string[];
}

const RSA_SIGNING = ['RSASSA_PKCS1_V1_5', 'RSASSA_PSS'].flatMap((scheme) =>
  ['SHA_256', 'SHA_384', 'SHA_512'].map((hash) => `${scheme}_${hash}`),
);

/** Returns the usages of a key spec, with their algorithms (API reference, CreateKey and Sign). */
function usagesOf(facts: KeySpecFacts): Partial<Record<KeyUsage, Algorithms>> {
  switch (facts.kind) {
    case 'symmetric':
      return { ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] } };
    case 'hmac':
      return { GENERATE_VERIFY_MAC: { MacAlgorithms: [`HMAC_${awsHash(facts.hash)}`] } };
    case 'rsa':
      return {
        ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] },
        SIGN_VERIFY: { SigningAlgorithms: RSA_SIGNING },
      };
    case 'ec':
      return {
        SIGN_VERIFY: { SigningAlgorithms: [`ECDSA_${awsHash(facts.hash)}`] },
        // secp256k1 is for signing only.
        ...(facts.curve === 'secp256k1'
          ? {}
          : { KEY_AGREEMENT: { KeyAgreementAlgorithms: ['ECDH'] } }),
      };
    case 'ed25519':
      return { SIGN_VERIFY: { SigningAlgorithms: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] } };
    case 'ml-dsa':
      return { SIGN_VERIFY: { SigningAlgorithms: ['ML_DSA_SHAKE_256'] } };
    case 'ml-kem':
      return { ENCAPSULATE_DECAPSULATE: { EncapsulationAlgorithms: ['ML_KEM'] } };
  }
}

/** Returns AWS's name of a hash: `SHA_256` for `sha256`. */
function awsHash(hash: string): string {
  return hash.replace('sha', 'SHA_');
}

/**
 * Returns the usage of a new key. Only symmetric encryption keys have a default.
 *
 * @throws {@link KmsError} ValidationException (recorded) when it is missing or does not fit.
 */
export function usageFor(
  keySpec: string,
  facts: KeySpecFacts,
  requested: string | undefined,
): KeyUsage {
  if (requested === undefined && facts.kind !== 'symmetric') throw keyUsageMissing();
  const usage = requested ?? 'ENCRYPT_DECRYPT';
  const fitting = Object.keys(usagesOf(facts)).find((candidate) => candidate === usage);
  if (fitting === undefined) throw incompatibleUsage(usage, keySpec);
  return fitting as KeyUsage;
}

/** Returns the algorithms of a key, as in KeyMetadata and GetPublicKey. */
export function algorithmsOf(key: KeyRecord): Algorithms {
  return usagesOf(factsOfKey(key))[key.keyUsage as KeyUsage] ?? {};
}

/** @throws {@link KmsError} InvalidKeyUsageException (recorded) when the key has another usage. */
export function assertUsage(key: KeyRecord, usage: KeyUsage, operation: string): void {
  if (key.keyUsage !== usage) throw invalidKeyUsage(key.arn, key.keyUsage, operation);
}

/**
 * @throws {@link KmsError} InvalidKeyUsageException when keys of this spec do not have the
 * algorithm: recorded for HMAC keys, for the others inferred.
 */
export function assertAlgorithm(key: KeyRecord, algorithm: string): void {
  const known = Object.values(algorithmsOf(key)) as (readonly string[])[];
  if (!known.some((names) => names.includes(algorithm))) {
    throw incompatibleAlgorithm(algorithm, key.keySpec);
  }
}
