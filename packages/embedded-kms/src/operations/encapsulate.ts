import { encapsulateFor } from '../crypto/post-quantum';
import { dryRun } from '../errors/kms-error';
import { currentPublicKey } from '../keys/current-material';
import { assertHasPrimitive } from '../keys/served-spec';
import { ENCAPSULATION_MEMBERS, findEncapsulationKey } from './shared/encapsulation';
import { operation } from './shared/operation';

/** Encapsulate: a new shared secret of 32 bytes, and its encapsulated form. */
export const encapsulate = operation({
  types: ENCAPSULATION_MEMBERS,
  run(context, input) {
    const key = findEncapsulationKey(context, input, 'Encapsulate');
    // It may come from the snapshot of a server with a newer Node.js.
    assertHasPrimitive('KeySpec', key.keySpec);
    if (input.DryRun === true) throw dryRun();
    const { sharedKey, ciphertext } = encapsulateFor(currentPublicKey(key));
    return {
      KeyId: key.arn,
      SharedSecret: sharedKey,
      SharedSecretCiphertextBlob: ciphertext,
      EncapsulationAlgorithm: input.EncapsulationAlgorithm,
    };
  },
});
