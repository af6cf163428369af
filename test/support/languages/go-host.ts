import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_VERSION, GO_MODULE } from '../../../scripts/engine/versions';
import type { LanguageHost } from '../attached-host';
import { programHost } from './program-host';
import { sdkHandlers } from './sdk-handlers';

/**
 * A language host of Go for tests. It generates SDKs with Pulumi's own generator. A program gets the modules of the engine,
 * among which is Pulumi's SDK for Go, so nothing is downloaded.
 */
export const goHost: LanguageHost = (...options) => {
  const { definition, implementation } = programs(...options);
  return {
    definition,
    implementation: {
      ...implementation,
      ...sdkHandlers({ language: 'go', link, install: () => Promise.resolve() }),
    },
  };
};

const programs = programHost(({ request, engineAddress, folder, env }) => ({
  file: 'go',
  args: ['run', '.'],
  cwd: folder,
  env: {
    ...env,
    PULUMI_MONITOR: request.getMonitorAddress(),
    PULUMI_ENGINE: engineAddress,
    PULUMI_ORGANIZATION: request.getOrganization(),
    PULUMI_PROJECT: request.getProject(),
    PULUMI_ROOT_DIRECTORY: request.getInfo()?.getRootDirectory() ?? folder,
    PULUMI_STACK: request.getStack(),
    PULUMI_DRY_RUN: String(request.getDryrun()),
    PULUMI_PARALLEL: String(request.getParallel()),
  },
}));

function link(program: string, folders: readonly string[]): void {
  const lines = folders.map((folder) => {
    const file = join(program, folder, 'go.mod');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(pulumi\/sdk\/v3) v\S+/, `$1 v${ENGINE_VERSION}`));
    const [, module = ''] = /^module (\S+)/m.exec(text) ?? [];
    return `require ${module} v0.0.0\n\nreplace ${module} => ./${folder}\n`;
  });
  const modules = readFileSync(join(GO_MODULE, 'go.mod'), 'utf8');
  writeFileSync(join(program, 'go.mod'), [modules, ...lines].join('\n'));
  copyFileSync(join(GO_MODULE, 'go.sum'), join(program, 'go.sum'));
}
