import type * as languagePb from '@pulumi/pulumi/proto/language_pb';
import * as messages from '@pulumi/pulumi/proto/language_pb';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  ManagedProcess,
  type Exit,
  type Output,
} from '../../../packages/pulumi-offline-engine/src/engine/managed-process';
import { ALREADY_REPORTED } from '../../../packages/pulumi-offline-engine/src/engine/program-entry';
import {
  languageService,
  type Surroundings,
} from '../../../packages/pulumi-offline-engine/src/language-host/service';
import { findPythonPrograms } from '../../../scripts/test-tools/python';
import type { LanguageHost } from '../attached-host';
import { answer, sdkHandlers } from './sdk-handlers';
import { PYTHON_ENTRY } from './sdk-generator';

const PYTHON = join(findPythonPrograms() ?? '', 'python');

// SDKs are installed beside the program, because all tests share the virtual environment.
const PACKAGES = '.packages';

/**
 * A language host of Python for tests. It generates SDKs and runs programs with Pulumi's own tools. Of requirements.txt
 * it installs the generated SDKs: everything else has to be in the virtual environment of the tests.
 */
export const pythonHost: LanguageHost = (sdk, startedWith, surroundings) => {
  const { definition, implementation } = languageService(sdk, startedWith, surroundings);
  let engineAddress = startedWith;
  return {
    definition,
    implementation: {
      ...implementation,
      ...sdkHandlers({ language: 'python', link, install }),

      handshake: answer((request: languagePb.LanguageHandshakeRequest) => {
        engineAddress = request.getEngineAddress();
        return new messages.LanguageHandshakeResponse();
      }),

      run: answer(async (request: languagePb.RunRequest) => {
        const { env, outputTo } = surroundings ?? OWN;
        const [output, isPassedOn] = outputTo(engineAddress);
        const { code, description } = await runProgram(request, engineAddress, env, output);
        await isPassedOn();
        const isReported = code === ALREADY_REPORTED;
        return new messages.RunResponse()
          .setBail(isReported)
          .setError(isReported || code === 0 ? '' : `the program ended with ${description}`);
      }),
    },
  };
};

const OWN: Surroundings = {
  env: process.env,
  outputTo: () => ['inherit', () => Promise.resolve()],
};

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

function runProgram(
  request: languagePb.RunRequest,
  engineAddress: string,
  env: NodeJS.ProcessEnv,
  output: Output,
): Promise<Exit> {
  const info = request.getInfo();
  const program = info?.getProgramDirectory() ?? request.getPwd();
  const python = new ManagedProcess(
    {
      file: PYTHON,
      args: [
        ...['-u', PYTHON_ENTRY, '--monitor', request.getMonitorAddress()],
        ...['--engine', engineAddress, '--project', request.getProject()],
        ...['--stack', request.getStack(), '--organization', request.getOrganization()],
        ...['--root_directory', info?.getRootDirectory() ?? program, '--pwd', program],
        ...['--dry_run', String(request.getDryrun()), '--parallel', String(request.getParallel())],
        info?.getEntryPoint() ?? request.getProgram(),
      ],
      cwd: program,
      env: {
        ...env,
        PYTHONPATH: [join(program, PACKAGES), env.PYTHONPATH ?? ''].join(delimiter),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
    output,
  );
  return python.ended;
}
