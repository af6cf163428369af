import { nextAutomaticRotation, rotateAutomatically } from './automatic-rotation';
import { isPending } from './pending-material';
import { DAY_MILLISECONDS } from '../state/clock';
import type { KeyRecord } from '../state/records';
import type { Store } from '../state/store';
import { isReplica, synchronise } from './synchronise';

/** A change of a key that happens by itself at an instant. */
interface Happening {
  readonly at: number;
  readonly effect: () => void;
}

/**
 * Brings a key and its related keys up to the present: everything that was due since the last call happens
 * now, in order. There are no timers, so the injected clock decides everything.
 *
 * @returns the key, or undefined when its deletion window is over.
 */
export function settle(store: Store, key: KeyRecord): KeyRecord | undefined {
  const now = store.now();
  for (;;) {
    const family = store.family(key);
    let next: Happening | undefined;
    for (const member of family) next = earlier(next, nextOf(store, member));
    if (next === undefined || next.at > now) return family.includes(key) ? key : undefined;
    next.effect();
    synchronise(store, key);
  }
}

/** Of two changes at the same instant, the one that was found first happens first. */
function earlier(a: Happening | undefined, b: Happening | undefined): Happening | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.at < a.at ? b : a;
}

/** Returns the next change, by precedence: deletion makes all others obsolete, and expiry precedes rotation. */
function nextOf(store: Store, key: KeyRecord): Happening | undefined {
  let next: Happening | undefined;
  const offer = (at: number | undefined, effect: () => void) => {
    if (at !== undefined) next = earlier(next, { at, effect });
  };
  offer(key.deletion?.at, () => {
    remove(store, key);
  });
  offer(key.transition?.until, () => {
    key.transition = undefined;
  });
  for (const { id, validTo } of key.materials) {
    // Each material expires at its own time, and KMS deletes it then (Developer Guide).
    offer(validTo, () => {
      removeMaterial(key, id);
    });
  }
  if (!isReplica(key)) {
    offer(key.rotation?.completesAt, () => {
      completeRotation(key);
    });
    offer(nextAutomaticRotation(key), () => {
      rotateAutomatically(store.random, key);
    });
  }
  return next;
}

/**
 * Deletes a key. The window of a primary key that waits for its replicas begins when the last of them is
 * deleted (Developer Guide, multi-region-keys-delete).
 */
function remove(store: Store, key: KeyRecord): void {
  const goneAt = key.deletion?.at ?? store.now();
  store.removeKey(key);
  const family = store.family(key);
  const [last] = family;
  if (last?.deletion === undefined || family.length > 1 || last.deletion.at !== undefined) return;
  const { windowInDays } = last.deletion;
  last.deletion = { at: goneAt + windowInDays * DAY_MILLISECONDS, windowInDays };
}

/**
 * Removes the bytes of a material, as deletion and expiry do. A permanently associated material remains
 * known by its id, for re-import. A staged one is removed from the key, and a rotation to it ends without
 * effect: both inferred, because AWS does not document it. The staged material of a replica remains known,
 * because the primary key still has it.
 */
export function removeMaterial(key: KeyRecord, materialId: string): void {
  const material = key.materials.find(({ id }) => id === materialId);
  if (material === undefined) return;
  if (isPending(material) && !isReplica(key)) {
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
