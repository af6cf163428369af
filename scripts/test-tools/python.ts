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

/** Contents of the virtual environment. */
export const PYTHON_PROGRAMS = 'boto3, AWS CLI, moto and Pulumi';

// Each list of packages has a virtual environment, in a folder of its own.
const ENVIRONMENT = ((): string => {
  const list = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  return userCache(process.env, 'python', list);
})();

/** Returns the folder with `python`, which has Pulumi's SDK, `aws` and `moto_server`; undefined if they are not installed. */
export function findPythonPrograms(): string | undefined {
  const bin = join(ENVIRONMENT, 'bin');
  return existsSync(bin) ? bin : undefined;
}

/** Installs the packages of requirements.txt from PyPI into a virtual environment in the user's cache. */
export async function bringPythonPrograms(say: (line: string) => void): Promise<void> {
  mkdirSync(dirname(ENVIRONMENT), { recursive: true });
  // The scripts of an environment contain its path, so it cannot be renamed. A link to it appears once it is complete.
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
