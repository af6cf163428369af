import { startPluginProcess, type PluginHost } from './plugin-process';
import type { ProviderClient } from './provider-client';

/**
 * Starts the SDK's own dynamic provider in the folder of the program, as the plugin script beside the
 * `pulumi` executable does.
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
        // A plugin sees only the configuration of its own package, and this one has none.
        PULUMI_CONFIG: '{}',
      },
    },
    host,
  );
}
