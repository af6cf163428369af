import { currentPublicKey } from '../keys/current-material';
import { dryRun } from '../errors/kms-error';
import { findKeyOrAlias } from '../keys/find-key';
import { assertAlgorithm, assertUsage } from '../keys/key-usage';
import { operation } from './shared/operation';
import { schemeFor, verifyWith } from '../crypto/signing';
import { DEFAULT_MESSAGE_TYPE, SIGNING_MEMBERS } from './shared/signing-shapes';
import { invalidSignature } from '../errors/usage-errors';

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
