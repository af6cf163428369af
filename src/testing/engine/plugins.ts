import type { ChildProcess } from 'node:child_process';

import { startDynamicProvider } from './dynamic-provider';
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

/** Which function starts the plugin of a package: a further package is a further entry. */
const STARTERS: Readonly<Record<string, (host: PluginHost) => Promise<ProviderClient>>> = {
  [DYNAMIC_PACKAGE]: startDynamicProvider,
};

/** Starts the plugin process that serves the resources of a package. */
export async function startPlugin(pkg: string, host: PluginHost): Promise<ProviderClient> {
  const start = STARTERS[pkg];
  if (start === undefined) {
    throw new Error(
      `the offline test engine has no plugin for the package ${pkg}, only for dynamic providers`,
    );
  }
  return start(host);
}
