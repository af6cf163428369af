import type { PolicyResource } from '@pulumi/policy';
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
  settings: {},
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
        const expiry = expiryOf(propertiesOf(ofReplica));
        if (!ofPrimary.some((one) => isDeepStrictEqual(expiryOf(propertiesOf(one)), expiry))) {
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
  /** The primary key's resources of a material, and each of the replica's of the same material. */
  readonly pairs: readonly (readonly [readonly PolicyResource[], PolicyResource])[];
  /** Number of the primary key's materials that are certainly not in the replica. */
  readonly missing: number;
}

// Replicas share the ID of their primary key, so equal material has an equal fingerprint in both.
// Before the first import there may be no fingerprints. Then only the number of materials is compared.
function pair(primary: readonly PolicyResource[], replica: readonly PolicyResource[]): Pairing {
  const ofPrimary = byFingerprint(primary);
  const ofReplica = byFingerprint(replica);
  const unnamed = (side: typeof ofPrimary): number => side.get(undefined)?.length ?? 0;
  const pairs: Pairing['pairs'][number][] = [];
  let absent = 0;
  let found = 0;
  for (const [fingerprint, materials] of ofPrimary) {
    if (fingerprint === undefined) continue;
    const partners = ofReplica.get(fingerprint);
    if (partners === undefined) absent += 1;
    else {
      found += 1;
      pairs.push(...partners.map((partner): Pairing['pairs'][number] => [materials, partner]));
    }
  }
  const inPrimary = absent + found + unnamed(ofPrimary);
  const inReplica = ofReplica.size - Number(ofReplica.has(undefined)) + unnamed(ofReplica);
  const missing = Math.max(absent - unnamed(ofReplica), inPrimary - inReplica, 0);
  const [only] = replica;
  if (primary.length === 1 && replica.length === 1 && missing === 0 && only !== undefined) {
    // A single material on each side can only be the same one.
    return { pairs: [[primary, only]], missing };
  }
  return { pairs, missing };
}

function byFingerprint(
  materials: readonly PolicyResource[],
): ReadonlyMap<string | undefined, readonly PolicyResource[]> {
  const found = new Map<string | undefined, PolicyResource[]>();
  for (const material of materials) {
    const fingerprint = fingerprintOf(material);
    const same = found.get(fingerprint);
    if (same === undefined) found.set(fingerprint, [material]);
    else same.push(material);
  }
  return found;
}

function fingerprintOf(material: PolicyResource): string | undefined {
  return knownValue(() => textOf(propertiesOf(material).materialFingerprint));
}
