import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { startDynamicProvider } from './dynamic-provider';
import { startPluginProcess } from './plugin-process';
import type { Project } from './project';
import type { ProviderClient } from './provider-client';
import type { PulumiSdk } from './sdk';
import { DYNAMIC_PACKAGE } from './urn';

/** What a plugin process is started with. */
export interface PluginHost {
  readonly sdk: PulumiSdk;
  readonly project: Project;
  readonly engineAddress: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
  readonly onProvider: (process: ChildProcess) => void;
}

// The folder of the stand-in for the aws plugin, from this file in src as in dist.
const AWS_STAND_IN = join(__dirname, '..', '..', 'aws-plugin');

/** Which function starts the plugin of a package: a further package is a further entry. */
const STARTERS: Readonly<Record<string, (host: PluginHost) => Promise<ProviderClient>>> = {
  [DYNAMIC_PACKAGE]: startDynamicProvider,
  aws: (host) => startExecutable('aws', AWS_STAND_IN, host),
};

/**
 * Starts the plugin process that serves the resources of a package: the one that Pulumi.yaml names under
 * `plugins.providers`, or one that is known here.
 */
export async function startPlugin(pkg: string, host: PluginHost): Promise<ProviderClient> {
  const folder = host.project.plugins[pkg];
  if (folder !== undefined) return startExecutable(pkg, folder, host);
  const start = STARTERS[pkg];
  if (start === undefined) {
    throw new Error(
      `the offline test engine has no plugin for the package ${pkg}: name its folder in Pulumi.yaml under plugins.providers`,
    );
  }
  return start(host);
}

function startExecutable(pkg: string, folder: string, host: PluginHost): Promise<ProviderClient> {
  return startPluginProcess(
    `the plugin of the package ${pkg}`,
    {
      file: join(folder, `pulumi-resource-${pkg}`),
      args: [host.engineAddress],
      cwd: host.project.programDir,
      env: { ...host.env, PULUMI_PROJECT: host.project.name },
    },
    host,
  );
}
