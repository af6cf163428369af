import { join } from 'node:path';
import { serve } from '../../packages/pulumi-offline-engine/src/engine/grpc-server';
import { loadSdk } from '../../packages/pulumi-offline-engine/src/engine/sdk';
import {
  languageService,
  type Surroundings,
} from '../../packages/pulumi-offline-engine/src/language-host/service';

const ROOT = join(__dirname, '..', '..');

/**
 * Serves the language host for tests in this process until the tests of the file have run, because each command of
 * the CLI would start two or three of them. A benchmark has the CLI start it, as users do.
 *
 * @param env - of the programs
 * @returns the variable with which the CLI attaches to it
 */
export async function attachHost(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { stopBehindTests } = globalThis;
  if (stopBehindTests === undefined) return {};
  const sdk = loadSdk(ROOT);
  const { definition, implementation } = languageService(sdk, '', { env, outputTo });
  const { server, port } = await serve(sdk, [[definition, implementation]]);
  stopBehindTests.push(() => {
    server.forceShutdown();
  });
  return { PULUMI_DEBUG_LANGUAGES: `nodejs:${port}` };
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
