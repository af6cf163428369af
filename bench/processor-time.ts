import { readdirSync, readFileSync } from 'node:fs';

const TICK_SECONDS = 0.01;

interface Stat {
  readonly name: string;
  readonly parent: number;
  readonly seconds: number;
}

/** Returns the processor time of a process that runs; undefined where there is no /proc. */
export function processorSeconds(pid: number): number | undefined {
  return statOf(String(pid))?.seconds;
}

/** Returns the processor time of the child processes of this process that have a name; 0 where there is no /proc. */
export function processorSecondsOfChildren(name: string): number {
  let pids: readonly string[];
  try {
    pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return 0;
  }
  const children = pids
    .map(statOf)
    .filter((stat) => stat?.name === name && stat.parent === process.pid);
  return children.reduce((sum, stat) => sum + (stat?.seconds ?? 0), 0);
}

function statOf(pid: string): Stat | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // It has ended.
  }
  // proc(5): fields 4, 14 and 15, behind a name that may have spaces.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  return {
    name: stat.slice(stat.indexOf('(') + 1, end),
    parent: Number(fields[1]),
    seconds: (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS,
  };
}
