import { parseKeyReference } from '../../domain/identifiers';
import {
  isImported,
  isPending,
  missingMaterials,
  type ObservedKey,
} from '../../domain/observation';
import { rotationBudget } from '../../domain/rotation';
import type { Finding, KeyStatus } from './key-status';

const DAY = 86_400_000;

const FEW_ROTATIONS = 3;

/**
 * Judges the state of a key.
 *
 * @param withinSeconds - seconds ahead within which an expiry needs action
 */
export function assess(
  key: ObservedKey,
  aliases: readonly string[],
  now: Date,
  withinSeconds: number,
): KeyStatus {
  const validTo = key.materials
    .flatMap((material) => (isImported(material) ? (material.validTo ?? []) : []))
    .sort()
    .at(0);
  const daysToExpiry = validTo === undefined ? undefined : daysUntil(validTo, now);
  const rotationsLeft = key.listsMaterials ? rotationBudget(key).rotationsRemaining : undefined;
  return {
    keyArn: key.keyArn,
    region: key.region,
    keyId: parseKeyReference(key.keyArn).id,
    aliases,
    keySpec: key.keySpec,
    keyState: key.keyState,
    isReplica: key.isReplica,
    materials: key.materials.map(
      ({ keyMaterialId, keyMaterialState, importState, validTo: ends, description }) => ({
        keyMaterialId,
        keyMaterialState,
        importState,
        validTo: ends,
        description,
      }),
    ),
    validTo,
    daysToExpiry,
    rotationsLeft,
    findings: [
      ...missing(key),
      ...expiring(validTo, now, withinSeconds),
      ...notes(key, rotationsLeft),
    ],
  };
}

/** Returns the whole days from one instant to another, rounded down. */
export function daysUntil(instant: string, now: Date): number {
  return Math.floor((Date.parse(instant) - now.getTime()) / DAY);
}

function isLeaving({ keyState }: ObservedKey): boolean {
  return keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion';
}

function missing(key: ObservedKey): Finding[] {
  if (isLeaving(key)) return [];
  const lost = missingMaterials(key);
  if (lost.length > 0) {
    const ids = lost.map(({ keyMaterialId }) => short(keyMaterialId)).join(', ');
    return [{ urgency: 'now', text: `import the deleted or expired material again: ${ids}` }];
  }
  if (key.keyState !== 'PendingImport') return [];
  return key.materials.length === 0 && key.currentKeyMaterialId === undefined && key.listsMaterials
    ? [{ urgency: 'now', text: 'import its first material' }]
    : [{ urgency: 'now', text: 'import its material' }];
}

function expiring(validTo: string | undefined, now: Date, withinSeconds: number): Finding[] {
  if (validTo === undefined) return [];
  const left = (Date.parse(validTo) - now.getTime()) / 1000;
  if (left > withinSeconds) return [];
  const days = daysUntil(validTo, now);
  const when = days < 0 ? 'has expired' : days === 0 ? 'expires today' : `expires in ${days} d`;
  return [{ urgency: left <= 0 ? 'now' : 'soon', text: `renew its material, which ${when}` }];
}

function notes(key: ObservedKey, rotationsLeft: number | undefined): Finding[] {
  const found: string[] = [];
  if (isLeaving(key)) found.push('will be deleted, and its material with it');
  if (key.keyState === 'Disabled') found.push('disabled');
  if (key.materials.some(isPending)) found.push('has material that is waiting for its rotation');
  if (rotationsLeft !== undefined && rotationsLeft <= FEW_ROTATIONS) {
    found.push(`${rotationsLeft} rotations left: plan its successor`);
  }
  return found.map((text) => ({ urgency: 'note', text }));
}

/** Shortens a KeyMaterialId to what distinguishes the materials of one key. */
export function short(keyMaterialId: string | undefined): string {
  return `${(keyMaterialId ?? '').slice(0, 8)}…`;
}

const RANK: Readonly<Record<Finding['urgency'], number>> = { now: 0, soon: 1, note: 2 };

function rank({ findings }: KeyStatus): number {
  return Math.min(3, ...findings.map(({ urgency }) => RANK[urgency]));
}

/** Orders keys by urgency, then by expiry, then by ARN. */
export function byUrgency(a: KeyStatus, b: KeyStatus): number {
  return (
    rank(a) - rank(b) || compare(a.validTo ?? '9', b.validTo ?? '9') || compare(a.keyArn, b.keyArn)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns whether somebody has to do something about the key. */
export function requiresAction({ findings }: KeyStatus): boolean {
  return findings.some(({ urgency }) => urgency !== 'note');
}
