import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { keyState } from '../keys/key-state';
import { operation } from './shared/operation';
import { isReplica } from '../keys/synchronise';
import { DAY_MILLISECONDS } from '../state/clock';

const DEFAULT_WINDOW_DAYS = 30; // API reference

/**
 * ScheduleKeyDeletion. The key is deleted at the end of the window; AWS may take a day longer. A primary
 * key with replicas is PendingReplicaDeletion, and its window begins when the last of them is deleted (API
 * reference).
 */
export const scheduleKeyDeletion = operation({
  types: {
    KeyId: KEY_ID,
    // The model says 1–365, the API reference 7–30; AWS's text for other values is not recorded.
    PendingWindowInDays: { type: 'integer', min: 7, max: 30 },
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'ScheduleKeyDeletion');
    const windowInDays = input.PendingWindowInDays ?? DEFAULT_WINDOW_DAYS;
    const waits = context.store.family(key).length > 1 && !isReplica(key);
    const at = waits ? undefined : context.now + windowInDays * DAY_MILLISECONDS;
    key.deletion = { at, windowInDays };
    return {
      KeyId: key.arn,
      DeletionDate: at === undefined ? undefined : new Date(at),
      KeyState: keyState(key),
      PendingWindowInDays: windowInDays,
    };
  },
});
