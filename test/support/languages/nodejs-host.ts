import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { languageService } from '../../../packages/pulumi-offline-engine/src/language-host/service';
import type { LanguageHost } from '../attached-host';
import { sdkHandlers } from './sdk-handlers';
import { registryEnvironment } from '../registry-environment';

const MODULES = join(__dirname, '..', '..', '..', 'node_modules');

const TSC = join(MODULES, 'typescript-native', 'bin', 'tsc');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The language host of Node.js for tests, which generates SDKs too. It runs npm in the folder of a plugin, as Pulumi's
 * own host does. Of the dependencies of a program it installs the generated SDKs, and compiles each as its postinstall
 * script does.
 */
export const nodejsHost: LanguageHost = (...options) => {
  const { definition, implementation } = languageService(...options);
  return {
    definition,
    implementation: {
      ...implementation,
      ...sdkHandlers({ language: 'nodejs', link, install }),
    },
  };
};

function link(program: string, folders: readonly string[]): void {
  const { dependencies, ...manifest } = manifestIn(program);
  const linked = folders.map((folder) => [
    manifestIn(join(program, folder)).name,
    `file:${folder}`,
  ]);
  writeFileSync(
    join(program, 'package.json'),
    JSON.stringify({
      ...manifest,
      dependencies: { ...dependencies, ...(Object.fromEntries(linked) as object) },
    }),
  );
}

async function install(program: string, isPlugin: boolean): Promise<void> {
  if (isPlugin) {
    const args = ['install', '--loglevel=error', '--production'];
    await promisify(execFile)('npm', args, { cwd: program, env: registryEnvironment() });
    return;
  }
  for (const [name, source] of Object.entries(manifestIn(program).dependencies ?? {})) {
    if (!source.startsWith('file:sdks/')) continue;
    const sdk = join(program, source.slice('file:'.length));
    await compile(sdk);
    copyFileSync(join(sdk, 'package.json'), join(sdk, 'bin', 'package.json'));
    const installed = join(program, 'node_modules', name);
    mkdirSync(dirname(installed), { recursive: true });
    symlinkSync(sdk, installed);
  }
}

/** Compiles a TypeScript project with the types of Node.js. */
export async function compile(folder: string): Promise<void> {
  const args = [TSC, '--project', folder, '--typeRoots', join(MODULES, '@types')];
  await promisify(execFile)(process.execPath, args);
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
