import type { KeyRecord, Store } from './store';

/**
 * Brings a key up to the present: what should have happened since it was last looked at happens
 * now, in the order of its instants. There are no timers, so an injected clock decides everything.
 *
 * @returns the key, or undefined when its deletion window is over and it is gone.
 */
export function settle(store: Store, key: KeyRecord): KeyRecord | undefined {
  const now = store.now();
  if (key.deletion !== undefined && key.deletion.at <= now) {
    store.removeKey(key);
    return undefined;
  }
  const { rotation } = key;
  if (rotation !== undefined && rotation.completesAt <= now) {
    expireMaterials(key, rotation.completesAt);
    completeRotation(key);
  }
  expireMaterials(key, now);
  return key;
}

/** Each material expires at its own time, and KMS deletes it then (kms.md 4). */
function expireMaterials(key: KeyRecord, instant: number): void {
  for (const material of [...key.materials]) {
    if (material.validTo !== undefined && material.validTo <= instant) {
      removeMaterial(key, material.id);
    }
  }
}

/**
 * Takes the bytes of a material away, as deletion and expiry do. A permanently associated material
 * stays known by its id and waits for re-import. A pending one leaves the key altogether, and a
 * rotation towards it ends without effect: both inferred, AWS does not say (kms.md 10.1).
 */
export function removeMaterial(key: KeyRecord, materialId: string): void {
  const material = key.materials.find(({ id }) => id === materialId);
  if (material === undefined) return;
  if (material.state === 'PENDING_ROTATION') {
    key.materials = key.materials.filter((other) => other !== material);
    if (key.rotation?.materialId === materialId) key.rotation = undefined;
    return;
  }
  material.bytes = undefined;
  material.validTo = undefined;
}

function completeRotation(key: KeyRecord): void {
  const { rotation } = key;
  if (rotation === undefined) return;
  if (rotation.generated !== undefined) key.materials.push(rotation.generated);
  for (const material of key.materials) {
    if (material.id === rotation.materialId) {
      material.state = 'CURRENT';
      material.rotatedAt = rotation.completesAt;
    } else {
      material.state = 'NON_CURRENT';
    }
  }
  key.currentMaterialId = rotation.materialId;
  key.rotation = undefined;
}
