import { ManagedProcess } from './managed-process';
import { ProviderClient } from './provider-client';
import type { PluginHost } from './plugins';

/**
 * Starts the SDK's own dynamic provider, as the plugin script beside the `pulumi` executable does: in the
 * folder of the program, with the address of the engine.
 */
export async function startDynamicProvider(host: PluginHost): Promise<ProviderClient> {
  const { sdk, project } = host;
  let ready: ((port: string) => void) | undefined;
  const port = new Promise<string>((resolve) => (ready = resolve));
  const process = new ManagedProcess(
    {
      args: [sdk.entries.dynamicProvider, host.engineAddress],
      cwd: project.programDir,
      env: {
        ...host.env,
        PULUMI_PROJECT: project.name,
        PULUMI_NODEJS_PROJECT: project.name,
        // The engine shows a plugin no configuration but that of its own name; there is none.
        PULUMI_CONFIG: '{}',
      },
    },
    (line) => {
      if (ready !== undefined && /^\d+$/.test(line)) {
        ready(line);
        ready = undefined;
      } else {
        host.onLine(line);
      }
    },
  );
  host.onProvider(process.child);
  const outcome = await Promise.race([port, process.ended]);
  if (typeof outcome !== 'string') {
    throw new Error(`the dynamic provider ended before it was ready (${outcome.description})`);
  }
  return new ProviderClient(sdk, `127.0.0.1:${outcome}`, process);
}
