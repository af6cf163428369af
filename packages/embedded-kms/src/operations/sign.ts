import { currentPrivateKey } from '../keys/current-material';
import { dryRun } from '../errors/kms-error';
import { findKeyOrAlias } from '../keys/find-key';
import { assertAlgorithm, assertUsage } from '../keys/key-usage';
import { operation } from './shared/operation';
import { schemeFor, signWith } from '../crypto/signing';
import { DEFAULT_MESSAGE_TYPE, SIGNING_MEMBERS } from './shared/signing-shapes';

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
