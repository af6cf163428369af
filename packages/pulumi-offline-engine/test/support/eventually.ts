import { setTimeout as wait } from 'node:timers/promises';

/** Asks until there is an answer other than undefined or false; the end of a process has no event elsewhere. */
export async function eventually<T>(ask: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error('it did not come to pass in 60 seconds');
    await wait(50);
  }
}

/** Returns whether a process is there, and not only its entry in the table of processes. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
