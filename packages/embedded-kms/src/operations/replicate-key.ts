import { KEY_ID, POLICY, REGION, TAGS } from './shared/common-shapes';
import { notPrimary, otherPartition, replicaExists } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { keyArn, partitionOf } from '../keys/key-arn';
import { keyMetadata } from '../keys/key-metadata';
import { assertPolicy, defaultKeyPolicy } from '../keys/key-policy';
import { operation } from './shared/operation';
import { settle } from '../keys/settle';
import type { KeyRecord } from '../state/store';
import { isReplica, synchronise } from '../keys/synchronise';
import { withTags } from '../keys/tags';

/**
 * ReplicateKey. The replica is Creating for some seconds and then, when its material is imported,
 * PendingImport: it needs every permanently associated material in its own Region. Policy, tags and
 * description are those of the request or the defaults, never the primary's (API reference).
 */
export const replicateKey = operation({
  types: {
    KeyId: KEY_ID,
    ReplicaRegion: REGION,
    Policy: POLICY,
    BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
    Description: { type: 'string', min: 0, max: 8192 },
    Tags: TAGS,
  },
  run(context, input) {
    const { store, now } = context;
    const primary = findKey(context, input.KeyId, 'ReplicateKey');
    const { id, accountId } = primary;
    const region = input.ReplicaRegion;
    if (primary.multiRegion === undefined || isReplica(primary)) throw notPrimary(primary.arn);
    if (partitionOf(region) !== partitionOf(primary.region)) throw otherPartition(region);
    const arn = keyArn(region, accountId, id);
    const present = store.keys(accountId, region).get(id);
    // Documented: also while that replica is pending deletion.
    if (present !== undefined && settle(store, present) !== undefined) throw replicaExists(arn);
    if (input.Policy !== undefined) assertPolicy(input.Policy);

    const { keySpec, keyUsage, origin, multiRegion } = primary;
    const replica: KeyRecord = {
      id,
      arn,
      accountId,
      region,
      createdAt: now,
      origin,
      keySpec,
      keyUsage,
      multiRegion,
      description: input.Description ?? '',
      policy: input.Policy ?? defaultKeyPolicy(region, accountId),
      tags: withTags([], input.Tags ?? []),
      enabled: true,
      transition: { state: 'Creating', until: now + context.replicationMilliseconds },
      materials: [],
      rotationCount: primary.rotationCount,
    };
    store.addKey(replica);
    synchronise(store, replica);
    return {
      ReplicaKeyMetadata: keyMetadata(replica),
      ReplicaPolicy: replica.policy,
      ReplicaTags: replica.tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
    };
  },
});
