import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../run-command';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Returns the Chromium on PATH; undefined where there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Installs Debian's package of Chromium. */
export async function bringChromium(say: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error('only root can install it. Run: sudo apt-get install chromium');
  }
  const apt = (...args: string[]) => ({
    program: 'apt-get',
    args,
    cwd: '/',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  await run(apt('update'), say, 'lines were printed');
  await run(
    apt('install', '--yes', '--no-install-recommends', 'chromium'),
    say,
    'lines were printed',
  );
}
