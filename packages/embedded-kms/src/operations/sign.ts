import { signWith } from '../crypto/signing';
import { dryRun } from '../errors/kms-error';
import { currentPrivateKey } from '../keys/current-material';
import { operation } from './shared/operation';
import { readSigningRequest, SIGNING_MEMBERS } from './shared/signing-request';

/** Sign. */
export const sign = operation({
  types: SIGNING_MEMBERS,
  run(context, input) {
    const { key, scheme, request } = readSigningRequest(context, input, 'Sign');
    if (input.DryRun === true) throw dryRun();
    return {
      KeyId: key.arn,
      Signature: signWith(currentPrivateKey(key), scheme, request),
      SigningAlgorithm: request.algorithm,
    };
  },
});
