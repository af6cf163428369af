import { verifyWith } from '../crypto/signing';
import { dryRun } from '../errors/kms-error';
import { invalidSignature } from '../errors/usage-errors';
import { currentPublicKey } from '../keys/current-material';
import { operation } from './shared/operation';
import { readSigningRequest, SIGNING_MEMBERS } from './shared/signing-request';

/** Verify: an invalid signature is an error, not `false` (recorded). */
export const verify = operation({
  types: { ...SIGNING_MEMBERS, Signature: { type: 'blob', min: 1, max: 6144, required: true } },
  run(context, input) {
    const { key, scheme, request } = readSigningRequest(context, input, 'Verify');
    if (!verifyWith(currentPublicKey(key), scheme, request, input.Signature)) {
      throw invalidSignature();
    }
    if (input.DryRun === true) throw dryRun();
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: request.algorithm };
  },
});
