import { nextAutomaticRotation, rotateAutomatically } from './automatic-rotation';
import { isPending } from './pending-material';
import type { KeyRecord, Store } from '../state/store';
import { isReplica, synchronise } from './synchronise';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Something that happens to a key by itself when its time has come. */
interface Happening {
  readonly at: number;
  readonly effect: () => void;
}

/**
 * Brings a key, and those that are related to it, up to the present: what should have happened since
 * they were last looked at happens now, in the order of its instants. There are no timers, so an
 * injected clock decides everything.
 *
 * @returns the key, or undefined when its deletion window is over and it is gone.
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

/** At the same instant the one that was found first happens first. */
function earlier(a: Happening | undefined, b: Happening | undefined): Happening | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.at < a.at ? b : a;
}

/** In the order of precedence: a key that goes needs nothing else, and expiry precedes rotation. */
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
 * The window of a primary key that waits for its replicas begins when the last of them is gone
 * (Developer Guide, multi-region-keys-delete).
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
 * Takes the bytes of a material away, as deletion and expiry do. A permanently associated material
 * stays known by its id and waits for re-import. A staged one leaves the key altogether, and a
 * rotation towards it ends without effect: both inferred, AWS does not say. A replica's staged
 * material stays known too, because the primary key has it still.
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
