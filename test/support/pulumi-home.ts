import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let made: string | undefined;

/** Gives the workers a PULUMI_HOME, so that no test leaves records of runs in the home of the user. */
export function makePulumiHome(): void {
  made = mkdtempSync(join(tmpdir(), 'byok-pulumi-home-'));
  process.env.PULUMI_HOME = made;
}

export function removePulumiHome(): void {
  if (made !== undefined) rmSync(made, { recursive: true, force: true });
}
