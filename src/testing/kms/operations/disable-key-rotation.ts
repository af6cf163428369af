import { KEY_ID } from '../common-shapes';
import { invalidOrigin, notPrimary } from '../errors';
import { findKey } from '../find-key';
import { isSymmetric } from '../key-specs';
import { operation } from '../operation';
import { isReplica } from '../synchronise';
import { rotationNotSupported } from '../usage-errors';

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
