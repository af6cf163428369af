import { KEY_ID } from '../common-shapes';
import { findKey } from '../find-key';
import { operation } from '../operation';

/** GetKeyRotationStatus. Automatic rotation is not served, so it is always off. */
export const getKeyRotationStatus = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'GetKeyRotationStatus');
    return {
      KeyId: key.arn,
      KeyRotationEnabled: false,
      OnDemandRotationStartDate: key.rotation && new Date(key.rotation.startedAt),
    };
  },
});
