import { KEY_ID, REGION } from './shared/common-shapes';
import { noReplicaIn, notPrimary } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { assertAllowed } from '../keys/key-state';
import { operation } from './shared/operation';
import { isReplica, synchronise } from '../keys/synchronise';

/**
 * UpdatePrimaryRegion: the replica in the given Region becomes the primary key, and the primary a replica.
 * Both must be Enabled, and are Updating for some seconds afterwards (Developer Guide,
 * multi-region-keys-manage). The roles change at once; on AWS both keys may be replicas for a while.
 */
export const updatePrimaryRegion = operation({
  types: { KeyId: KEY_ID, PrimaryRegion: REGION },
  run(context, input) {
    const { store, now } = context;
    const primary = findKey(context, input.KeyId, 'UpdatePrimaryRegion');
    if (primary.multiRegion === undefined || isReplica(primary)) throw notPrimary(primary.arn);
    const family = store.family(primary);
    const successor = family.find(
      (member) => isReplica(member) && member.region === input.PrimaryRegion,
    );
    if (successor === undefined) throw noReplicaIn(input.PrimaryRegion);
    assertAllowed(successor, 'UpdatePrimaryRegion');

    const { replicaRegions } = primary.multiRegion;
    for (const member of family) {
      member.multiRegion = { primaryRegion: successor.region, replicaRegions };
    }
    // The primary has the setting for all Regions.
    successor.automaticRotation = primary.automaticRotation;
    primary.automaticRotation = undefined;
    for (const member of [primary, successor]) {
      member.transition = { state: 'Updating', until: now + context.replicationMilliseconds };
    }
    synchronise(store, successor);
    return {};
  },
});
