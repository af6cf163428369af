import { layOut } from '../table';
import { requiresAction } from './assess';
import { counted } from './counted';
import type { Finding, FleetStatus, KeyStatus } from './key-status';
import { lastUseCell } from './last-use';

/** Width of the table. Terminals, tickets and logs wrap wider lines. */
const WIDTH = 100;
const BETWEEN = 2;

/** The longest action. Every finding fits, with room for the number of the others. */
const ACTION = 36;

/** Regions that a summary names. */
const FEW = 5;

// ECMA-48, SGR. The caller knows the stream, and decides whether to use colours.
const RED = '\u001b[31m';
const YELLOW = '\u001b[33m';
const DEFAULT = '\u001b[39m';

/** Returns the status as a table for a terminal, one line for each key, at most 100 columns wide. */
export function statusText(status: FleetStatus, coloured: boolean): string {
  return [
    ...(status.keys.length === 0 ? [] : [tableOf(status.keys, coloured), '']),
    summaryOf(status),
    ...problemsOf(status),
    '',
  ].join('\n');
}

function tableOf(keys: readonly KeyStatus[], coloured: boolean): string {
  const withLastUse = showsLastUse(keys);
  const head = ['ACTION', 'REGION', 'EXPIRES', ...(withLastUse ? ['LAST USE'] : [])];
  const rows = keys.map((key) => [
    shortened(actionOf(key), ACTION),
    key.region,
    key.validTo?.slice(0, 10) ?? expiryOf(key),
    ...(withLastUse ? [lastUseCell(key.lastUse)] : []),
  ]);
  const others = head.map((_name, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const room = WIDTH - others.reduce((sum, width) => sum + width + BETWEEN, 0);
  return layOut(
    [...head, 'KEY'],
    keys.map((key, index) => {
      const [action = '', ...rest] = rows[index] ?? [];
      return [coloured ? painted(key, action) : action, ...rest, shortened(nameOf(key), room)];
    }),
  );
}

function actionOf({ findings }: KeyStatus): string {
  const [first, ...others] = findings;
  if (first === undefined) return '-';
  return others.length === 0 ? findingText(first) : `${findingText(first)} +${others.length}`;
}

function painted({ findings: [first] }: KeyStatus, text: string): string {
  if (first?.urgency === 'now') return `${RED}${text}${DEFAULT}`;
  return first?.urgency === 'soon' ? `${YELLOW}${text}${DEFAULT}` : text;
}

// Names of one team begin alike and end differently, so the middle goes.
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - end)}…${text.slice(text.length - end)}`;
}

/** Sums up the status in one sentence. */
export function summaryOf({ keys, regions, unread, unreadRegions }: FleetStatus): string {
  const attention = keys.filter(requiresAction).length;
  const where = regions.length > FEW ? counted(regions.length, 'Region') : regions.join(', ');
  return [
    `${counted(keys.length, 'key')} of origin EXTERNAL in ${where}`,
    `${attention === 0 ? 'none needs' : attention === 1 ? '1 needs' : `${attention} need`} action`,
    ...(unread.length === 0 ? [] : [`${counted(unread.length, 'key')} could not be read`]),
    ...(unreadRegions.length === 0
      ? []
      : [`${counted(unreadRegions.length, 'Region')} could not be read`]),
  ].join('; ');
}

/** Returns a line for everything that could not be read, and for each note. */
export function problemsOf({ unread, unreadRegions, notes }: FleetStatus): string[] {
  const unavailable = unreadRegions.filter((one) => one.unavailable).map(({ region }) => region);
  return [
    ...unread.map(({ region, keyId, error }) => `not read: ${keyId} (${region}): ${error}`),
    ...unreadRegions
      .filter((one) => !one.unavailable)
      .map(({ region, error }) => `not read: ${region}: ${error}`),
    ...(unavailable.length === 0
      ? []
      : [`not available to this account: ${unavailable.join(', ')}`]),
    ...notes,
  ];
}

/** Returns the name by which people know the key. */
export function nameOf({ aliases: [first, ...others], keyId }: KeyStatus): string {
  if (first === undefined) return keyId;
  return others.length === 0 ? first : `${first} +${others.length}`;
}

/** Returns how many of the key's materials are imported. */
export function materialsOf({ materials }: KeyStatus): string {
  const imported = materials.filter(({ importState }) => importState === 'IMPORTED').length;
  return materials.length === 0 ? 'none' : `${imported} of ${materials.length}`;
}

/** Returns when the first material of the key expires. */
export function expiryOf({ validTo, daysToExpiry, materials }: KeyStatus): string {
  if (validTo !== undefined) return `${validTo.slice(0, 10)} (${daysToExpiry ?? 0} d)`;
  return materials.some(({ importState }) => importState === 'IMPORTED') ? 'never' : '-';
}

/** Returns whether the last uses of the keys were asked for. */
export function showsLastUse(keys: readonly KeyStatus[]): boolean {
  return keys.some(({ lastUse }) => lastUse !== undefined);
}

/** Returns a finding as one line. */
export function findingText({ urgency, text }: Finding): string {
  return urgency === 'note' ? text : `${urgency.toUpperCase()}: ${text}`;
}
