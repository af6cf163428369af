import { ManagedProcess, type Exit, type Output } from '../engine/managed-process';
import { requireOfSdk } from '../engine/sdk';
import { stopWhenCancelled } from './cancellation';

/** A plugin or a policy pack that an engine wants to run. */
export interface PluginRequest {
  readonly kind: string;
  readonly folder: string;
  readonly workingDirectory: string;
  readonly arguments: readonly string[];
  /** Pairs such as `NAME=value`: the whole environment. */
  readonly environment: readonly string[];
}

/** Runs a plugin or a policy pack through the entry of the SDK that is beside it. */
export async function runPlugin(
  request: PluginRequest,
  output: Output,
  cancelled: AbortSignal,
): Promise<Exit> {
  const { kind, folder } = request;
  const sdk = requireOfSdk(folder);
  const plugin = new ManagedProcess(
    {
      ...(kind === 'analyzer'
        ? {
            args: [sdk.resolve('@pulumi/pulumi/cmd/run-policy-pack'), ...request.arguments, folder],
            cwd: folder,
          }
        : {
            args: [sdk.resolve('@pulumi/pulumi/cmd/run-plugin'), folder, ...request.arguments],
            cwd: request.workingDirectory,
          }),
      env: Object.fromEntries(request.environment.map(pairOf)),
    },
    output,
  );
  stopWhenCancelled(plugin, cancelled);
  return plugin.ended;
}

function pairOf(entry: string): [string, string] {
  const end = entry.indexOf('=');
  return [entry.slice(0, end), entry.slice(end + 1)];
}
