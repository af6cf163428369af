import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run-command';
import { userCache } from '../user-cache';

const REQUIREMENTS = join(__dirname, 'requirements.txt');

/** What the virtual environment has. */
export const PYTHON_PROGRAMS = 'boto3, AWS CLI and moto';

// A virtual environment for each list of packages: another list is another folder.
const ENVIRONMENT = ((): string => {
  const list = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  return userCache(process.env, 'python', list);
})();

/** Returns the folder that has `python`, `aws` and `moto_server`; undefined where they are not installed. */
export function findPythonPrograms(): string | undefined {
  const bin = join(ENVIRONMENT, 'bin');
  return existsSync(bin) ? bin : undefined;
}

/** Installs the packages of requirements.txt from PyPI into a virtual environment in the user's cache. */
export async function bringPythonPrograms(say: (line: string) => void): Promise<void> {
  mkdirSync(dirname(ENVIRONMENT), { recursive: true });
  // The scripts of an environment name its folder, so it is not renamed: a link leads to it when it is whole.
  const own = mkdtempSync(`${ENVIRONMENT}-`);
  try {
    const at = { cwd: own, env: process.env };
    await run({ program: 'python3', args: ['-m', 'venv', own], ...at }, say, 'lines were printed');
    const pip = join(own, 'bin', 'pip');
    await run(
      { program: pip, args: ['install', '--requirement', REQUIREMENTS], ...at },
      say,
      'lines were printed',
    );
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    throw error;
  }
  symlinkSync(own, `${own}.link`);
  renameSync(`${own}.link`, ENVIRONMENT);
}
