import { readFileSync } from 'node:fs';

/**
 * Returns what distinguishes a process from every other that has its number later: the ticks of the kernel from the
 * start of the machine to that of the process. It does not depend on the clock. Undefined if there is no such process,
 * or if the system does not show it: only Linux does (man 5 proc_pid_stat, starttime).
 */
export function startOfProcess(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the name in parentheses, and may contain both. Field 22 is the start.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
