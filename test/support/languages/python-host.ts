import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ManagedProcess } from '../../../packages/pulumi-offline-engine/src/engine/managed-process';
import { findPythonPrograms } from '../../../scripts/test-tools/python';
import type { LanguageHost } from '../attached-host';
import { programHost } from './program-host';
import { sdkHandlers } from './sdk-handlers';
import { PYTHON_ENTRY } from './sdk-generator';

const PYTHON = join(findPythonPrograms() ?? '', 'python');

// SDKs are installed beside the program, because all tests share the virtual environment.
const PACKAGES = '.packages';

/**
 * A language host of Python for tests. It generates SDKs and runs programs with Pulumi's own tools. Of requirements.txt
 * it installs the generated SDKs: everything else has to be in the virtual environment of the tests.
 */
export const pythonHost: LanguageHost = (...options) => {
  const { definition, implementation } = programs(...options);
  return {
    definition,
    implementation: {
      ...implementation,
      ...sdkHandlers({ language: 'python', link, install }),
    },
  };
};

const programs = programHost(({ request, engineAddress, folder, env }) => ({
  file: PYTHON,
  args: [
    ...['-u', PYTHON_ENTRY, '--monitor', request.getMonitorAddress()],
    ...['--engine', engineAddress, '--project', request.getProject()],
    ...['--stack', request.getStack(), '--organization', request.getOrganization()],
    ...['--root_directory', request.getInfo()?.getRootDirectory() ?? folder, '--pwd', folder],
    ...['--dry_run', String(request.getDryrun()), '--parallel', String(request.getParallel())],
    request.getInfo()?.getEntryPoint() ?? request.getProgram(),
  ],
  cwd: folder,
  env: {
    ...env,
    PYTHONPATH: [join(folder, PACKAGES), env.PYTHONPATH ?? ''].join(delimiter),
  },
}));

function link(program: string, folders: readonly string[]): void {
  const lines = linesOf(program);
  const added = folders.filter((folder) => !lines.includes(folder));
  writeFileSync(join(program, 'requirements.txt'), [...added, ...lines, ''].join('\n'));
}

function linesOf(program: string): string[] {
  const text = readFileSync(join(program, 'requirements.txt'), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

async function install(program: string): Promise<void> {
  const sdks = linesOf(program).filter((line) => existsSync(join(program, line, 'pyproject.toml')));
  const printed: string[] = [];
  const pip = new ManagedProcess(
    {
      file: PYTHON,
      args: [
        ...['-m', 'pip', 'install', '--no-index', '--no-deps', '--no-build-isolation'],
        ...['--target', PACKAGES, ...sdks.map((folder) => `./${folder}`)],
      ],
      cwd: program,
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    },
    (line) => printed.push(line),
  );
  const { code } = await pip.ended;
  if (code !== 0) throw new Error(['pip failed', ...printed].join('\n'));
}
