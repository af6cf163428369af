import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import type { Context } from '../keys/context';
import { operation } from './shared/operation';
import type { KeyRecord } from '../state/records';
import { isReplica } from '../keys/synchronise';

/**
 * GetKeyRotationStatus. For keys that cannot rotate automatically it is off (API reference); replicas
 * report the status of their primary.
 */
export const getKeyRotationStatus = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'GetKeyRotationStatus');
    const automatic = primaryOf(context, key).automaticRotation;
    return {
      KeyId: key.arn,
      KeyRotationEnabled: automatic !== undefined,
      RotationPeriodInDays: automatic?.periodInDays,
      NextRotationDate: automatic && new Date(automatic.nextAt),
      OnDemandRotationStartDate: key.rotation && new Date(key.rotation.startedAt),
    };
  },
});

function primaryOf({ store }: Context, key: KeyRecord): KeyRecord {
  return store.family(key).find((member) => !isReplica(member)) ?? key;
}
