import { decapsulateWith } from '../crypto/post-quantum';
import { dryRun, invalidCiphertext } from '../errors/kms-error';
import { currentPrivateKey } from '../keys/current-material';
import { assertHasPrimitive } from '../keys/served-spec';
import { ENCAPSULATION_MEMBERS, findEncapsulationKey } from './shared/encapsulation';
import { operation } from './shared/operation';

/** API reference, Encapsulate. */
const CIPHERTEXT_BYTES: Readonly<Record<string, number>> = {
  ML_KEM_512: 768,
  ML_KEM_768: 1088,
  ML_KEM_1024: 1568,
};

/**
 * Decapsulate. A ciphertext of another length is refused as invalid (inferred); any other of this length
 * gives a secret that nobody shares (FIPS 203 §7.3).
 */
export const decapsulate = operation({
  types: {
    ...ENCAPSULATION_MEMBERS,
    SharedSecretCiphertextBlob: { type: 'blob', min: 1, max: 6144, required: true },
  },
  run(context, input) {
    const key = findEncapsulationKey(context, input, 'Decapsulate');
    const ciphertext = input.SharedSecretCiphertextBlob;
    if (ciphertext.length !== CIPHERTEXT_BYTES[key.keySpec]) throw invalidCiphertext();
    // It may come from the snapshot of a server with a newer Node.js.
    assertHasPrimitive('KeySpec', key.keySpec);
    if (input.DryRun === true) throw dryRun();
    return {
      KeyId: key.arn,
      SharedSecret: decapsulateWith(currentPrivateKey(key), ciphertext),
      EncapsulationAlgorithm: input.EncapsulationAlgorithm,
    };
  },
});
