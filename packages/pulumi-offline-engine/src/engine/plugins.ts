import { join } from 'node:path';

import { startDynamicProvider } from './dynamic-provider';
import { startPluginProcess, type PluginHost } from './plugin-process';
import type { ProviderClient } from './provider-client';
import { DYNAMIC_PACKAGE } from './urn';

// The folder of the stand-in for the aws plugin. The path is the same from src and from dist.
const AWS_STAND_IN = join(__dirname, '..', '..', 'aws-plugin');

/** The functions that start the plugins of packages. A new package needs an entry here. */
const STARTERS: Readonly<Record<string, (host: PluginHost) => Promise<ProviderClient>>> = {
  [DYNAMIC_PACKAGE]: startDynamicProvider,
  aws: (host) => startExecutable('aws', AWS_STAND_IN, host),
};

/**
 * Starts the plugin process of a package: the one that Pulumi.yaml names under `plugins.providers`, or one
 * that this engine brings.
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
