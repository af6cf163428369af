import type { Report } from './report';
import { keepsLimit, type Line, type Result } from './result';

/** Returns the printed table. */
export function tableOf({ machine, lines, seconds }: Omit<Report, 'options'>): string {
  const isKnown = Object.keys(seconds).length > 0;
  return [heading(machine), ...lines.map(rowOf), ...(isKnown ? [durationOf(seconds)] : [])].join(
    '\n',
  );
}

/** Returns the line above the table. */
export function heading({ processors, model, platform, node }: Report['machine']): string {
  return `${processors} processors (${model}), ${platform}, Node.js ${node}`;
}

/** Returns the line below the table. */
export function durationOf(seconds: Report['seconds']): string {
  const parts = Object.entries(seconds);
  const total = parts.reduce((sum, [, each]) => sum + each, 0);
  return `The parts took ${total} s: ${parts.map(([name, each]) => `${name} ${each} s`).join(', ')}`;
}

/** Returns one line of the table: the ratio, the figures and how they were measured. */
export function rowOf(line: Line): string {
  if ('absent' in line) return `${line.what}: not beside ${line.peerName}\n  ${line.absent}`;
  const { what, unit, ours, peer, peerName, how } = line;
  return [
    `${what}: ${ratio(line)} x ${peerName}${verdict(line)}`,
    `  ${figure(ours)} ${unit} against ${figure(peer)} ${unit}`,
    `  ${how}`,
  ].join('\n');
}

/** Formats a figure with three digits, or as a whole number. */
export function figure(value: number): string {
  return value < 100 ? String(Number(value.toPrecision(3))) : String(Math.round(value));
}

function ratio({ ours, peer }: Result): string {
  return (ours / peer).toFixed(3);
}

function verdict(result: Result): string {
  const { limit } = result;
  if (limit === undefined) return '';
  const bound =
    'atLeast' in limit ? `at least ${figure(limit.atLeast)}` : `at most ${figure(limit.atMost)}`;
  return `, ${bound} wanted: ${keepsLimit(result) === true ? 'kept' : 'MISSED'}`;
}
