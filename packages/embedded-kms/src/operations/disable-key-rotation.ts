import { KEY_ID } from './shared/common-shapes';
import { invalidOrigin, notPrimary } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { isSymmetric } from '../crypto/key-specs';
import { operation } from './shared/operation';
import { isReplica } from '../keys/synchronise';
import { rotationNotSupported } from '../errors/usage-errors';

/** DisableKeyRotation. It refuses what EnableKeyRotation refuses. */
export const disableKeyRotation = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'DisableKeyRotation');
    if (!isSymmetric(key)) throw rotationNotSupported();
    if (key.origin === 'EXTERNAL') throw invalidOrigin(key.arn, key.origin);
    if (isReplica(key)) throw notPrimary(key.arn);
    key.automaticRotation = undefined;
    return {};
  },
});
