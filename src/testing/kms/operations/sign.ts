import { currentPrivateKey } from '../current-material';
import { dryRun } from '../errors';
import { findKeyOrAlias } from '../find-key';
import { assertAlgorithm, assertUsage } from '../key-usage';
import { operation } from '../operation';
import { schemeFor, signWith } from '../signing';
import { DEFAULT_MESSAGE_TYPE, SIGNING_MEMBERS } from '../signing-shapes';

/** Sign. */
export const sign = operation({
  types: SIGNING_MEMBERS,
  run(context, input) {
    const key = findKeyOrAlias(context, input.KeyId, 'Sign');
    const algorithm = input.SigningAlgorithm;
    assertUsage(key, 'SIGN_VERIFY', 'Sign');
    assertAlgorithm(key, algorithm);
    const messageType = input.MessageType ?? DEFAULT_MESSAGE_TYPE;
    const request = { algorithm, messageType, message: input.Message };
    const scheme = schemeFor(request);
    if (input.DryRun === true) throw dryRun();
    return {
      KeyId: key.arn,
      Signature: signWith(currentPrivateKey(key), scheme, request),
      SigningAlgorithm: algorithm,
    };
  },
});
