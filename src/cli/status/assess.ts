import { DAY_MILLISECONDS } from '../../domain/duration';
import { parseKeyReference } from '../../domain/identifiers';
import {
  isImported,
  isPending,
  missingMaterials,
  type ObservedKey,
} from '../../domain/observation';
import { rotationBudget } from '../../domain/rotation';
import { counted } from './counted';
import { isLeaving, type Finding, type KeyStatus } from './key-status';
import type { LastUse } from './last-use';

const FEW_ROTATIONS = 3;

/** States that need no note. Other findings say what a key without material needs. */
const USUAL_STATES = ['Enabled', 'PendingImport'];

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
  lastUse?: LastUse,
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
    lastUse,
    findings: [
      // KMS refuses imports into a key that it is about to delete (AWS KMS API Reference, ImportKeyMaterial).
      ...(isLeaving(key) ? [] : [...missing(key), ...expiring(validTo, now, withinSeconds)]),
      ...notes(key, rotationsLeft),
    ],
  };
}

/** Returns the whole days from one instant to another, rounded down. */
function daysUntil(instant: string, now: Date): number {
  return Math.floor((Date.parse(instant) - now.getTime()) / DAY_MILLISECONDS);
}

function missing(key: ObservedKey): Finding[] {
  const lost = missingMaterials(key);
  if (lost.length > 0) {
    const which = lost.length === 1 ? short(lost[0]?.keyMaterialId) : `${lost.length} materials`;
    return [{ urgency: 'now', text: `import ${which} again` }];
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
  return [{ urgency: left <= 0 ? 'now' : 'soon', text: `renew, ${when}` }];
}

function notes(key: ObservedKey, rotationsLeft: number | undefined): Finding[] {
  if (isLeaving(key)) return [{ urgency: 'note', text: 'will be deleted' }];
  const found: string[] = [];
  if (!USUAL_STATES.includes(key.keyState)) found.push(`is ${key.keyState}`);
  if (key.materials.some(isPending)) found.push('material waits for rotation');
  if (rotationsLeft !== undefined && rotationsLeft <= FEW_ROTATIONS) {
    found.push(`plan a new key: ${counted(rotationsLeft, 'rotation')} left`);
  }
  return found.map((text) => ({ urgency: 'note', text }));
}

/** Shortens a KeyMaterialId to what distinguishes the materials of one key. */
function short(keyMaterialId: string | undefined): string {
  return `${(keyMaterialId ?? '').slice(0, 8)}…`;
}

const RANK: Readonly<Record<Finding['urgency'], number>> = { now: 0, soon: 1, note: 2 };
const LAST = 4;

function rank(key: KeyStatus): number {
  if (isLeaving(key)) return LAST;
  return Math.min(3, ...key.findings.map(({ urgency }) => RANK[urgency]));
}

/** Orders keys by urgency, then by expiry, then by ARN. Keys that will be deleted come last. */
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
