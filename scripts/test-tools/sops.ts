import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run-command';
import { userCache } from '../user-cache';

const VERSION = '3.10.2';

/** The program that decrypts files of secrets, in the version that the documentation names. */
export const SOPS = `SOPS ${VERSION}`;

/** The folder with the program. */
export const SOPS_FOLDER = userCache(
  process.env,
  'sops',
  `${VERSION}-${process.platform}-${process.arch}`,
);

/** Returns the path of the program; undefined if it is not installed. */
export function findSops(): string | undefined {
  const program = join(SOPS_FOLDER, process.platform === 'win32' ? 'sops.exe' : 'sops');
  return existsSync(program) ? program : undefined;
}

/** Builds it with Go into the user's cache. */
export async function bringSops(say: (line: string) => void): Promise<void> {
  mkdirSync(SOPS_FOLDER, { recursive: true });
  const args = ['install', '-v', `github.com/getsops/sops/v3/cmd/sops@v${VERSION}`];
  const env = { ...process.env, GOBIN: SOPS_FOLDER };
  await run({ program: 'go', args, cwd: SOPS_FOLDER, env }, say, 'packages are compiled');
}
