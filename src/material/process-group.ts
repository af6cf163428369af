/** Kills what is left of the group of a process that was started detached. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already, or the system has no groups.
  }
}
