import { assert } from '../errors';
import { commandsOfRescue, isPendingDeletion } from './observation';

/**
 * Refuses a key that does not exist yet in the place of one whose deletion is scheduled.
 *
 * @param keyState - state of the key at the last update or refresh
 * @throws {@link ByokError} `KEY_LOST`
 */
export function assertNotLost(keyArn = '', keyState: string | undefined): void {
  assert(
    !isPendingDeletion(keyState),
    'KEY_LOST',
    `the deletion of ${keyArn} is scheduled, so a refresh has removed the key from the state, and this update would create another one: cancel the deletion and enable the key ${commandsOfRescue(keyArn)}, and import it into the state again (pulumi import). If AWS has deleted it since, run pulumi refresh. To begin with another key, remove the material from the state (pulumi state delete)`,
  );
}
