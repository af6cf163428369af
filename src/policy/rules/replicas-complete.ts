import type { PolicyResource } from '@pulumi/policy';
import { z } from 'zod';
import { isDeepStrictEqual } from 'node:util';
import { knownValue, propertiesOf, textOf } from '../property';
import { REPLICA_EXTERNAL_KEY } from '../resource-types';
import { stackRule } from '../rule';
import { decided } from '../stack/decided';
import { expiryOf } from '../stack/expiry';
import { KeyIndex, type KeyIdentity } from '../stack/key-index';

/** Requires that every replica can do what its primary key can. */
export const replicasComplete = stackRule({
  id: 'byok-replicas-complete',
  sentence: 'A replica has all material of its primary key, with the same expiry.',
  why: 'KMS does not copy imported material to replicas. A replica that lacks a material cannot decrypt what was encrypted with it, and a rotation waits until every Region has the new one.',
  fix: 'Import each material into the primary key and into every replica, with the same expiry.',
  severity: 'high',
  tags: ['availability', 'multi-region'],
  settings: z.object({}),
  *check(resources) {
    const index = new KeyIndex(resources);
    const byKey = materialsByKey(index);
    const replicas = index.keys.filter(({ type }) => type === REPLICA_EXTERNAL_KEY);
    yield* decided(replicas, function* (replica) {
      const primary = index.identify(
        replica,
        'primaryKeyArn',
        () => propertiesOf(replica).primaryKeyArn,
        () => undefined,
      );
      const pairing = pair(byKey.get(primary) ?? [], byKey.get(replica.urn) ?? []);
      if (pairing.missing > 0) {
        yield {
          resource: replica,
          message: `${pairing.missing} of the materials of its primary key ${pairing.missing === 1 ? 'is' : 'are'} not imported into it: import ${pairing.missing === 1 ? 'it' : 'them'} here too.`,
        };
      }
      for (const [ofPrimary, ofReplica] of pairing.pairs) {
        if (
          !isDeepStrictEqual(expiryOf(propertiesOf(ofPrimary)), expiryOf(propertiesOf(ofReplica)))
        ) {
          yield {
            resource: ofReplica,
            message:
              'Its expiry differs from that of the same material in the primary key: declare the same expiry.',
          };
        }
      }
    });
  },
});

function materialsByKey(index: KeyIndex): ReadonlyMap<KeyIdentity, readonly PolicyResource[]> {
  const found = new Map<KeyIdentity, PolicyResource[]>();
  for (const material of index.materials) {
    const key = index.keyOfMaterial(material);
    const same = found.get(key);
    if (same === undefined) found.set(key, [material]);
    else same.push(material);
  }
  return found;
}

interface Pairing {
  readonly pairs: readonly (readonly [PolicyResource, PolicyResource])[];
  /** Number of the primary key's materials that are certainly not in the replica. */
  readonly missing: number;
}

// Replicas share the ID of their primary key, so equal material has an equal fingerprint in both.
// Before the first import there may be no fingerprints. Then only the number of materials is compared.
function pair(primary: readonly PolicyResource[], replica: readonly PolicyResource[]): Pairing {
  const candidates = new Map<string, PolicyResource>();
  let replicaUnnamed = 0;
  for (const material of replica) {
    const fingerprint = fingerprintOf(material);
    if (fingerprint === undefined) replicaUnnamed += 1;
    else candidates.set(fingerprint, material);
  }
  const pairs: [PolicyResource, PolicyResource][] = [];
  let absent = 0;
  let primaryUnnamed = 0;
  for (const material of primary) {
    const fingerprint = fingerprintOf(material);
    const partner = candidates.get(fingerprint ?? '');
    if (partner !== undefined) pairs.push([material, partner]);
    else if (fingerprint === undefined) primaryUnnamed += 1;
    else absent += 1;
  }
  const leftOver = absent + primaryUnnamed - (replica.length - pairs.length);
  const missing = Math.max(absent - replicaUnnamed, leftOver, 0);
  const [ofPrimary] = primary;
  const [ofReplica] = replica;
  const single = primary.length === 1 && replica.length === 1 && pairs.length === 0;
  if (single && missing === 0 && ofPrimary !== undefined && ofReplica !== undefined) {
    // A single material on each side can only be the same one.
    pairs.push([ofPrimary, ofReplica]);
  }
  return { pairs, missing };
}

function fingerprintOf(material: PolicyResource): string | undefined {
  return knownValue(() => textOf(propertiesOf(material).materialFingerprint));
}
