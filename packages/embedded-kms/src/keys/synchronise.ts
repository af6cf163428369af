import { pendingOf } from './pending-material';
import type { KeyRecord, MaterialRecord } from '../state/records';
import type { Store } from '../state/store';

/** Whether a key is a multi-Region replica. */
export function isReplica({
  multiRegion,
  region,
}: Pick<KeyRecord, 'multiRegion' | 'region'>): boolean {
  return multiRegion !== undefined && multiRegion.primaryRegion !== region;
}

/**
 * Makes the replicas of a multi-Region key follow their primary; does nothing for other keys. Ids,
 * states, order and descriptions of the materials are shared, and so is a rotation. The bytes of
 * imported material and their expiry are not: each Region needs its own import (Developer Guide,
 * multi-region-keys-import). AWS takes seconds for this; here it happens at once.
 */
export function synchronise(store: Store, key: KeyRecord): void {
  if (key.multiRegion === undefined) return;
  const family = store.family(key);
  const primary = family.find((member) => !isReplica(member));
  if (primary === undefined) return;
  const replicas = family.filter(isReplica).sort((a, b) => a.createdAt - b.createdAt);
  const replicaRegions = replicas.map(({ region }) => region);
  assessPending(primary, family);
  for (const member of family) {
    member.multiRegion = { primaryRegion: primary.region, replicaRegions };
  }
  for (const replica of replicas) {
    replica.materials = primary.materials.map((material) => mirrored(primary, replica, material));
    if (primary.currentMaterialId !== undefined) {
      replica.currentMaterialId = primary.currentMaterialId;
    }
    replica.rotation = primary.rotation;
    replica.rotationCount = primary.rotationCount;
  }
}

/**
 * A staged material is ready for rotation when every related key has its bytes (API reference,
 * RotationsListEntry). A rotation that has begun continues even if replicas lose the material: inferred.
 */
function assessPending(primary: KeyRecord, family: readonly KeyRecord[]): void {
  const pending = pendingOf(primary);
  if (pending === undefined || primary.rotation?.materialId === pending.id) return;
  const everywhere = family.every(({ materials }) =>
    materials.some(({ id, bytes }) => id === pending.id && bytes !== undefined),
  );
  pending.state = everywhere ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}

/** Copies generated material whole; for imported material the replica keeps its own bytes and expiry. */
function mirrored(
  primary: KeyRecord,
  replica: KeyRecord,
  material: MaterialRecord,
): MaterialRecord {
  if (primary.origin !== 'EXTERNAL') return { ...material };
  const own = replica.materials.find(({ id }) => id === material.id);
  return { ...material, bytes: own?.bytes, validTo: own?.validTo };
}
