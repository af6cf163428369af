import type { PluginHost } from './plugins';
import { startPluginProcess } from './plugin-process';
import type { ProviderClient } from './provider-client';

/**
 * Starts the SDK's own dynamic provider, as the plugin script beside the `pulumi` executable does: in the
 * folder of the program, with the address of the engine.
 */
export async function startDynamicProvider(host: PluginHost): Promise<ProviderClient> {
  const { sdk, project } = host;
  return startPluginProcess(
    'the dynamic provider',
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
    host,
  );
}
