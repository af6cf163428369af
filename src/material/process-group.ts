import type { ChildProcess } from 'node:child_process';

/** Kills what is left of the group of a process that was started detached. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already, or the system has no groups.
  }
}
