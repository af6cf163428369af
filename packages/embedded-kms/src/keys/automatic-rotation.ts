import { isSymmetric } from '../crypto/key-specs';
import type { RandomBytes } from '../crypto/random';
import { invalidOrigin, notPrimary } from '../errors/kms-error';
import { rotationNotSupported } from '../errors/usage-errors';
import { DAY_MILLISECONDS } from '../state/clock';
import type { AutomaticRotationRecord, KeyRecord, MaterialRecord } from '../state/records';
import { nextSymmetricMaterial } from './symmetric-key';
import { isReplica } from './synchronise';

/**
 * Asserts that the automatic rotation of a key can be switched on and off. Imported keys do not rotate
 * automatically (documented: key-state, note 6). Multi-Region keys are switched on their primary, for all
 * Regions (documented; the words in which a replica refuses are inferred).
 *
 * @throws {@link KmsError} UnsupportedOperationException
 */
export function assertRotatesByItself(key: KeyRecord): void {
  if (!isSymmetric(key)) throw rotationNotSupported();
  if (key.origin === 'EXTERNAL') throw invalidOrigin(key.arn, key.origin);
  if (isReplica(key)) throw notPrimary(key.arn);
}

/** Returns automatic rotation that is switched on now; it first rotates after the period (API reference). */
export function automaticRotation(periodInDays: number, now: number): AutomaticRotationRecord {
  return { periodInDays, nextAt: now + periodInDays * DAY_MILLISECONDS };
}

/**
 * Returns when a key next rotates automatically; undefined when it does not. Keys that are disabled or
 * pending deletion do not rotate, and catch up when they are enabled again (Developer Guide,
 * rotate-keys).
 */
export function nextAutomaticRotation(key: KeyRecord): number | undefined {
  if (!key.enabled || key.deletion !== undefined) return undefined;
  return key.automaticRotation?.nextAt;
}

/** Rotates a key to generated material. Unlike a rotation on demand, it counts towards no limit. */
export function rotateAutomatically(random: RandomBytes, key: KeyRecord): void {
  if (key.automaticRotation === undefined) return;
  const { periodInDays, nextAt } = key.automaticRotation;
  for (const material of key.materials) material.state = 'NON_CURRENT';
  const material: MaterialRecord = {
    ...nextSymmetricMaterial(random, key),
    state: 'CURRENT',
    rotatedAt: nextAt,
    rotationType: 'AUTOMATIC',
  };
  key.materials.push(material);
  key.currentMaterialId = material.id;
  key.automaticRotation = automaticRotation(periodInDays, nextAt);
}
