import { ManagedProcess, type Command } from './managed-process';
import type { PluginHost } from './plugins';
import { ProviderClient } from './provider-client';

/**
 * Starts a plugin, which prints its port on a line of its own before anything calls it.
 *
 * @param title - what is started, for the message that it did not
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
