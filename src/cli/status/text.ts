import { layOut } from '../table';
import { requiresAction } from './assess';
import { counted } from './counted';
import type { Finding, FleetStatus, KeyStatus } from './key-status';

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

const HEAD = ['ACTION', 'REGION', 'EXPIRES', 'KEY'] as const;

function tableOf(keys: readonly KeyStatus[], coloured: boolean): string {
  const rows = keys.map((key) => [
    shortened(actionOf(key), ACTION),
    key.region,
    key.validTo?.slice(0, 10) ?? expiryOf(key),
    nameOf(key),
  ]);
  const others = [0, 1, 2].map((column) =>
    Math.max(...[HEAD, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const room = WIDTH - others.reduce((sum, width) => sum + width + BETWEEN, 0);
  return layOut(
    HEAD,
    rows.map(([action = '', region = '', expires = '', name = ''], index) => [
      coloured ? painted(keys[index], action) : action,
      region,
      expires,
      shortened(name, room),
    ]),
  );
}

function actionOf({ findings }: KeyStatus): string {
  const [first, ...others] = findings;
  if (first === undefined) return '-';
  return others.length === 0 ? findingText(first) : `${findingText(first)} +${others.length}`;
}

function painted(key: KeyStatus | undefined, text: string): string {
  const first = key?.findings[0];
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

/** Returns a finding as one line. */
export function findingText({ urgency, text }: Finding): string {
  return urgency === 'note' ? text : `${urgency.toUpperCase()}: ${text}`;
}
