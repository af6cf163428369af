import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnless } from './describe-unless';

const INSTALL_MILLISECONDS = 300_000;

/** The folder of installed programs, or the reason why there is none. */
export type PythonPrograms = { readonly bin: string } | { readonly missing: string };

/**
 * Installs packages from PyPI into a virtual environment in the temporary folder, once for its name:
 * the next run finds it there. It waits, because jest has to know which tests it skips before any of
 * them begins.
 *
 * @param name - of the environment, with the versions of the packages
 */
export function pythonPrograms(name: string, packages: readonly string[]): PythonPrograms {
  const shared = join(tmpdir(), `pulumi-kms-byok-${name}`);
  const installed = { bin: join(shared, 'bin') };
  if (existsSync(installed.bin)) return installed;
  // Several test files may be the first at the same time: each makes a folder of its own, because
  // the scripts in it name it, and a link that is replaced as a whole leads the next run to one.
  const own = mkdtempSync(`${shared}-`);
  try {
    run('python3', ['-m', 'venv', own]);
    run(join(own, 'bin', 'pip'), ['install', '--quiet', ...packages]);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    return { missing: reasonOf(error) };
  }
  const link = `${own}-link`;
  symlinkSync(own, link);
  renameSync(link, shared);
  return installed;
}

/** Describes tests that need such programs; says so where they cannot run. */
export function describeWithPrograms(what: string, programs: PythonPrograms): jest.Describe {
  return describeUnless(
    'bin' in programs ? undefined : `${what} cannot be installed from PyPI: ${programs.missing}`,
  );
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe', encoding: 'utf8', timeout: INSTALL_MILLISECONDS });
}

/** The last line of what the program complained of, or what kept it from running. */
function reasonOf(error: unknown): string {
  // Not by its class: errors of node are not those of jest's own context.
  const { stderr, message } = error as {
    readonly stderr?: string | null;
    readonly message: string;
  };
  const [last] = stderr?.trim().split('\n').slice(-1) ?? [];
  return last === undefined || last === '' ? message : last;
}
