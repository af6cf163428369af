import { layOut } from '../table';
import { requiresAction } from './assess';
import type { Finding, FleetStatus, KeyStatus } from './key-status';

const HEAD = ['KEY', 'REGION', 'SPEC', 'STATE', 'MATERIALS', 'EXPIRES', 'ROTATIONS LEFT', 'ACTION'];

// ECMA-48, SGR. The caller knows the stream, and decides whether to use colours.
const RED = '\u001b[31m';
const YELLOW = '\u001b[33m';
const DEFAULT = '\u001b[39m';

/** Returns the status as a table for a terminal. */
export function statusText(status: FleetStatus, coloured: boolean): string {
  const paint = (key: KeyStatus, text: string): string => {
    const urgencies = key.findings.map(({ urgency }) => urgency);
    if (!coloured) return text;
    if (urgencies.includes('now')) return `${RED}${text}${DEFAULT}`;
    return urgencies.includes('soon') ? `${YELLOW}${text}${DEFAULT}` : text;
  };
  const rows = status.keys.map((key) => [
    nameOf(key),
    key.region,
    key.keySpec,
    key.keyState,
    materialsOf(key),
    expiryOf(key),
    key.rotationsLeft === undefined ? '-' : String(key.rotationsLeft),
    paint(key, key.findings.map(findingText).join('\n') || '-'),
  ]);
  return [
    ...(rows.length === 0 ? [] : [layOut(HEAD, rows), '']),
    summaryOf(status),
    ...status.unread.map(({ region, keyId, error }) => `not read: ${keyId} (${region}): ${error}`),
    ...status.notes,
    '',
  ].join('\n');
}

/** Sums up the status in one sentence. */
export function summaryOf({ keys, regions, unread }: FleetStatus): string {
  const attention = keys.filter(requiresAction).length;
  return [
    `${counted(keys.length, 'key')} of origin EXTERNAL in ${regions.join(', ')}`,
    `${attention === 0 ? 'none needs' : attention === 1 ? '1 needs' : `${attention} need`} action`,
    ...(unread.length === 0 ? [] : [`${counted(unread.length, 'key')} could not be read`]),
  ].join('; ');
}

/** Returns the name by which people know the key. */
export function nameOf({ aliases, keyId }: KeyStatus): string {
  return aliases.length === 0 ? keyId : aliases.join('\n');
}

/** Returns how many of the key's materials are imported. */
export function materialsOf({ materials }: KeyStatus): string {
  const imported = materials.filter(({ importState }) => importState === 'IMPORTED').length;
  return materials.length === 0 ? 'none' : `${imported} of ${materials.length} imported`;
}

/** Returns when the first material of the key expires. */
export function expiryOf({ validTo, daysToExpiry, materials }: KeyStatus): string {
  if (validTo !== undefined) return `${validTo.slice(0, 10)} (${daysToExpiry ?? 0} d)`;
  return materials.some(({ importState }) => importState === 'IMPORTED') ? 'never' : '-';
}

/** Returns a finding as one line. */
export function findingText({ urgency, text }: Finding): string {
  return urgency === 'note' ? text : `${urgency.toUpperCase()}: ${text}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
