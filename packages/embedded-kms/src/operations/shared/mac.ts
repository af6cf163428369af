import { createHmac } from 'node:crypto';
import { GRANT_TOKENS, KEY_ID } from './common-shapes';
import { currentMaterial } from '../../keys/current-material';
import { findKeyOrAlias } from '../../keys/find-key';
import { factsOfKey } from '../../crypto/key-specs';
import { assertAlgorithm, assertUsage } from '../../keys/key-usage';
import type { Context } from '../../keys/context';
import type { KeyRecord } from '../../state/records';

/** The members that GenerateMac and VerifyMac share, with the algorithms in the recorded order. */
export const MAC_MEMBERS = {
  KeyId: KEY_ID,
  Message: { type: 'blob', min: 1, max: 4096, required: true },
  MacAlgorithm: {
    type: 'string',
    enum: ['HMAC_SHA_384', 'HMAC_SHA_256', 'HMAC_SHA_224', 'HMAC_SHA_512'],
    required: true,
  },
  GrantTokens: GRANT_TOKENS,
  DryRun: { type: 'boolean' },
} as const;

/** @throws {@link KmsError} InvalidKeyUsageException (recorded) when key and algorithm do not fit. */
export function findMacKey(
  context: Context,
  keyId: string,
  algorithm: string,
  operation: 'GenerateMac' | 'VerifyMac',
): KeyRecord {
  const key = findKeyOrAlias(context, keyId, operation);
  assertUsage(key, 'GENERATE_VERIFY_MAC', operation);
  assertAlgorithm(key, algorithm);
  return key;
}

/** HMAC (RFC 2104) with the hash of the key's spec. */
export function macOf(key: KeyRecord, message: Buffer): Buffer {
  const facts = factsOfKey(key);
  if (facts.kind !== 'hmac') throw new Error('not an HMAC key');
  return createHmac(facts.hash, currentMaterial(key).bytes).update(message).digest();
}
