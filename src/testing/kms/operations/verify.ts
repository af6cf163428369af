import { currentPublicKey } from '../current-material';
import { dryRun } from '../errors';
import { findKeyOrAlias } from '../find-key';
import { assertAlgorithm, assertUsage } from '../key-usage';
import { operation } from '../operation';
import { schemeFor, verifyWith } from '../signing';
import { DEFAULT_MESSAGE_TYPE, SIGNING_MEMBERS } from '../signing-shapes';
import { invalidSignature } from '../usage-errors';

/** Verify: a signature that is not valid is an error and not `false` (recorded). */
export const verify = operation({
  types: { ...SIGNING_MEMBERS, Signature: { type: 'blob', min: 1, max: 6144, required: true } },
  run(context, input) {
    const key = findKeyOrAlias(context, input.KeyId, 'Verify');
    const algorithm = input.SigningAlgorithm;
    assertUsage(key, 'SIGN_VERIFY', 'Verify');
    assertAlgorithm(key, algorithm);
    const messageType = input.MessageType ?? DEFAULT_MESSAGE_TYPE;
    const request = { algorithm, messageType, message: input.Message };
    const scheme = schemeFor(request);
    if (!verifyWith(currentPublicKey(key), scheme, request, input.Signature)) {
      throw invalidSignature();
    }
    if (input.DryRun === true) throw dryRun();
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: algorithm };
  },
});
