import { join } from 'node:path';
import { serve } from '../../packages/pulumi-offline-engine/src/engine/grpc-server';
import { loadSdk, type PulumiSdk } from '../../packages/pulumi-offline-engine/src/engine/sdk';
import type {
  languageService,
  Surroundings,
} from '../../packages/pulumi-offline-engine/src/language-host/service';

const ROOT = join(__dirname, '..', '..');

/** Makes Pulumi's LanguageRuntime service of a language. */
export type LanguageHost = (
  sdk: PulumiSdk,
  startedWith: string,
  surroundings: Surroundings,
) => ReturnType<typeof languageService>;

/**
 * Serves language hosts for tests in this process until the tests of the file have run, because each command of
 * the CLI would start two or three of them. A benchmark has the CLI start them, as users do.
 *
 * @param hosts - by the name of the runtime in Pulumi.yaml
 * @param env - of the programs
 * @returns the variable with which the CLI attaches to them
 */
export async function attachHosts(
  hosts: Readonly<Record<string, LanguageHost>>,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const { stopBehindTests } = globalThis;
  if (stopBehindTests === undefined) return {};
  const sdk = loadSdk(ROOT);
  const attached: string[] = [];
  for (const [runtime, host] of Object.entries(hosts)) {
    const { definition, implementation } = host(sdk, '', { env, outputTo });
    const { server, port } = await serve(sdk, [[definition, implementation]]);
    stopBehindTests.push(() => {
      server.forceShutdown();
    });
    attached.push(`${runtime}:${port}`);
  }
  return attached.length === 0 ? {} : { PULUMI_DEBUG_LANGUAGES: attached.join(',') };
}

// The engine reads the output of a host only if it has started it.
const outputTo: Surroundings['outputTo'] = (engineAddress) => {
  const { engine, engineRpc, grpc } = loadSdk(ROOT);
  const client = new engineRpc.EngineClient(engineAddress, grpc.credentials.createInsecure());
  const passed: Promise<void>[] = [];
  const say = (line: string): void => {
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.INFO);
    request.setMessage(line);
    passed.push(
      new Promise((resolve) => {
        client.log(request, () => {
          resolve();
        });
      }),
    );
  };
  const isPassedOn = async (): Promise<void> => {
    await Promise.all(passed);
    client.close();
  };
  return [say, isPassedOn];
};
