import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Returns the process IDs of the dynamic providers that run in a folder. Works only on Linux. */
export function providerProcesses(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return command.includes('dynamic-provider') && readlinkSync(`/proc/${name}/cwd`) === folder;
      } catch {
        return false; // it ended in between
      }
    })
    .map(Number);
}

/** Kills them as a machine that loses power would. */
export function killProviders(folder: string): number {
  const found = providerProcesses(folder);
  for (const pid of found) process.kill(pid, 'SIGKILL');
  return found.length;
}
