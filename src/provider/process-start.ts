import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** USER_HZ, the unit of the kernel in /proc: 100 per second on every architecture that Node.js supports. */
const TICK_MILLISECONDS = 10;

/**
 * Returns when a process started, in milliseconds since 1970, exact to about 20 ms. Undefined if there is no such
 * process, or if the system does not show it: only Linux does (man 5 proc_pid_stat, starttime).
 */
export function startOfProcess(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the name in parentheses, and may contain both. Field 22 is the start since boot.
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  return Number.isFinite(ticks)
    ? Date.now() - uptime() * 1000 + ticks * TICK_MILLISECONDS
    : undefined;
}
