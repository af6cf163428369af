import type { Context } from '../../keys/context';
import { findKeyOrAlias } from '../../keys/find-key';
import { assertAlgorithm, assertUsage } from '../../keys/key-usage';
import type { KeyRecord } from '../../state/records';
import { GRANT_TOKENS, KEY_ID } from './common-shapes';
import type { InputOf } from './shape';

/** The members that Encapsulate and Decapsulate share. */
export const ENCAPSULATION_MEMBERS = {
  KeyId: KEY_ID,
  EncapsulationAlgorithm: { type: 'string', enum: ['ML_KEM'], required: true },
  GrantTokens: GRANT_TOKENS,
  DryRun: { type: 'boolean' },
} as const;

/**
 * Finds the ML-KEM key that a request names.
 *
 * @throws {@link KmsError} InvalidKeyUsageException when it is another key
 */
export function findEncapsulationKey(
  context: Context,
  input: InputOf<typeof ENCAPSULATION_MEMBERS>,
  operation: 'Encapsulate' | 'Decapsulate',
): KeyRecord {
  const key = findKeyOrAlias(context, input.KeyId, operation);
  assertUsage(key, 'ENCAPSULATE_DECAPSULATE', operation);
  assertAlgorithm(key, input.EncapsulationAlgorithm);
  return key;
}
