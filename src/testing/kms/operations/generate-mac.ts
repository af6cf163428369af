import { dryRun } from '../errors';
import { findMacKey, MAC_MEMBERS, macOf } from '../mac';
import { operation } from '../operation';

/** GenerateMac. */
export const generateMac = operation({
  types: MAC_MEMBERS,
  run(context, input) {
    const key = findMacKey(context, input.KeyId, input.MacAlgorithm, 'GenerateMac');
    if (input.DryRun === true) throw dryRun();
    return { KeyId: key.arn, Mac: macOf(key, input.Message), MacAlgorithm: input.MacAlgorithm };
  },
});
