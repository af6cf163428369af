import { ManagedProcess, type Exit, type Output } from '../engine/managed-process';
import { requireOfSdk } from '../engine/sdk';
import { stopWhenCancelled } from './cancellation';

/** A request to run a plugin or a policy pack. */
export interface PluginRequest {
  readonly kind: string;
  readonly folder: string;
  readonly workingDirectory: string;
  readonly arguments: readonly string[];
  /** The whole environment, as `NAME=value`. */
  readonly environment: readonly string[];
}

/** Runs a plugin or a policy pack through the entry of the SDK that it has installed. */
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
