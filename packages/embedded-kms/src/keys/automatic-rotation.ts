import { materialId } from './material-id';
import type { RandomSource } from '../crypto/random';
import type { AutomaticRotationRecord, KeyRecord } from '../state/store';
import { symmetricKeyBytes } from './symmetric-key';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Automatic rotation that begins now: the first one comes when the period is over (API reference). */
export function automaticRotation(periodInDays: number, now: number): AutomaticRotationRecord {
  return { periodInDays, nextAt: now + periodInDays * DAY_MILLISECONDS };
}

/**
 * When a key rotates by itself; undefined when it does not. Keys that are disabled or pending
 * deletion do not rotate, and catch up when they are enabled again (Developer Guide, rotate-keys).
 */
export function nextAutomaticRotation(key: KeyRecord): number | undefined {
  if (!key.enabled || key.deletion !== undefined) return undefined;
  return key.automaticRotation?.nextAt;
}

/** Gives a key new material that AWS makes. Unlike a rotation on demand it counts towards no limit. */
export function rotateAutomatically(random: RandomSource, key: KeyRecord): void {
  if (key.automaticRotation === undefined) return;
  const { periodInDays, nextAt } = key.automaticRotation;
  const bytes = random(symmetricKeyBytes(key.region));
  const id = materialId(key.id, bytes);
  for (const material of key.materials) material.state = 'NON_CURRENT';
  key.materials.push({
    id,
    bytes: bytes.toString('base64'),
    state: 'CURRENT',
    rotatedAt: nextAt,
    rotationType: 'AUTOMATIC',
  });
  key.currentMaterialId = id;
  key.automaticRotation = automaticRotation(periodInDays, nextAt);
}
