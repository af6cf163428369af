import { notPrimary, otherPartition, replicaExists, unknownRegion } from '../errors/kms-error';
import { findKeyInAnyState } from '../keys/find-key';
import { keyArn } from '../keys/key-arn';
import { keyMetadata } from '../keys/key-metadata';
import { assertAllowed } from '../keys/key-state';
import { newKey } from '../keys/new-key';
import { isRegion, partitionOf } from '../keys/regions';
import { settle } from '../keys/settle';
import { isReplica, synchronise } from '../keys/synchronise';
import { callerIdentity } from '../keys/caller-identity';
import { BYPASS, DESCRIPTION, KEY_ID, POLICY, REGION, TAGS } from './shared/common-shapes';
import { operation } from './shared/operation';

/**
 * ReplicateKey. The replica is Creating for some seconds. If its material is imported, it is then
 * PendingImport: its own Region needs every permanently associated material. Policy, tags and description
 * come from the request or are the defaults, never those of the primary (API reference).
 */
export const replicateKey = operation({
  types: {
    KeyId: KEY_ID,
    ReplicaRegion: REGION,
    Policy: POLICY,
    BypassPolicyLockoutSafetyCheck: BYPASS,
    Description: DESCRIPTION,
    Tags: TAGS,
  },
  run(context, input) {
    const { store, now } = context;
    const primary = findKeyInAnyState(context, input.KeyId, 'ReplicateKey');
    const { id, accountId } = primary;
    const region = input.ReplicaRegion;
    // Before the key state: a replica that is Creating or PendingImport gets this error too (recorded).
    if (primary.multiRegion === undefined || isReplica(primary)) throw notPrimary(primary.arn);
    assertAllowed(primary, 'ReplicateKey');
    if (!isRegion(region)) throw unknownRegion(region);
    if (partitionOf(region) !== partitionOf(primary.region)) throw otherPartition(region);
    const present = store.keys(accountId, region).get(id);
    // Documented: also while that replica is pending deletion.
    if (present !== undefined && settle(store, present) !== undefined) {
      throw replicaExists(keyArn(region, accountId, id));
    }

    const { keySpec, keyUsage, origin, multiRegion, rotationCount } = primary;
    const replica = newKey(
      {
        id,
        accountId,
        region,
        createdAt: now,
        origin,
        keySpec,
        keyUsage,
        multiRegion,
        transition: { state: 'Creating', until: now + context.replicationMilliseconds },
        materials: [],
        rotationCount,
      },
      input,
      callerIdentity(context),
    );
    store.addKey(replica);
    synchronise(store, replica);
    const tags = replica.tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
    return {
      ReplicaKeyMetadata: keyMetadata(replica),
      ReplicaPolicy: replica.policy,
      ReplicaTags: tags.length === 0 ? undefined : tags, // recorded 2025-11-10
    };
  },
});
