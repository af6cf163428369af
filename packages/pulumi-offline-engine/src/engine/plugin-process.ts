import type { ChildProcess } from 'node:child_process';

import { ManagedProcess, type Command } from './managed-process';
import type { Project } from './project';
import { ProviderClient } from './provider-client';
import type { PulumiSdk } from './sdk';

/** The surroundings of a plugin process: the project, the engine that it calls, and its observers. */
export interface PluginHost {
  readonly sdk: PulumiSdk;
  readonly project: Project;
  readonly engineAddress: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
  readonly onProvider: (process: ChildProcess) => void;
}

/**
 * Starts a plugin and waits for the line with its port.
 *
 * @param title - the name of the plugin in the message of a failure
 */
export async function startPluginProcess(
  title: string,
  command: Command,
  host: PluginHost,
): Promise<ProviderClient> {
  let ready: ((port: string) => void) | undefined;
  const port = new Promise<string>((resolve) => (ready = resolve));
  const process = new ManagedProcess(command, (line) => {
    if (ready !== undefined && /^\d+$/.test(line)) {
      ready(line);
      ready = undefined;
    } else {
      host.onLine(line);
    }
  });
  host.onProvider(process.child);
  const outcome = await Promise.race([port, process.ended]);
  if (typeof outcome !== 'string') {
    throw new Error(`${title} ended before it was ready (${outcome.description})`);
  }
  return new ProviderClient(host.sdk, `127.0.0.1:${outcome}`, process);
}
