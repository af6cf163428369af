import { dryRun } from '../errors/kms-error';
import { findMacKey, MAC_MEMBERS, macOf } from './shared/mac';
import { operation } from './shared/operation';

/** GenerateMac. */
export const generateMac = operation({
  types: MAC_MEMBERS,
  run(context, input) {
    const key = findMacKey(context, input.KeyId, input.MacAlgorithm, 'GenerateMac');
    if (input.DryRun === true) throw dryRun();
    return { KeyId: key.arn, Mac: macOf(key, input.Message), MacAlgorithm: input.MacAlgorithm };
  },
});
