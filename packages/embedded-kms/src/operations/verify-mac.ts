import { dryRun } from '../errors/kms-error';
import { findMacKey, MAC_MEMBERS, macOf } from './shared/mac';
import { operation } from './shared/operation';
import { invalidMac } from '../errors/usage-errors';

/** VerifyMac: an invalid MAC is an error, not `false` (recorded). */
export const verifyMac = operation({
  types: { ...MAC_MEMBERS, Mac: { type: 'blob', min: 1, max: 6144, required: true } },
  run(context, input) {
    const key = findMacKey(context, input.KeyId, input.MacAlgorithm, 'VerifyMac');
    if (!macOf(key, input.Message).equals(input.Mac)) throw invalidMac();
    if (input.DryRun === true) throw dryRun();
    return { KeyId: key.arn, MacValid: true, MacAlgorithm: input.MacAlgorithm };
  },
});
