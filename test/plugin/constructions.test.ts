import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ConstructRequest } from '@pulumi/pulumi/proto/provider_pb';
import { serve } from '../../packages/pulumi-offline-engine/src/engine/grpc-server';
import { loadSdk } from '../../packages/pulumi-offline-engine/src/engine/sdk';
import { protocol } from '../../src/plugin/pulumi-sdk';
import { toStruct } from '../../src/plugin/values';

const ROOT = join(__dirname, '..', '..');
const sdk = loadSdk(ROOT);
const { grpc, provider: messages, providerRpc } = protocol;

describe('when an update ends while the plugin constructs an ImportedKey', () => {
  const stops: (() => void)[] = [];

  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  /** Starts the plugin. Returns its process, what it prints as errors, and its client. */
  async function startPlugin() {
    const child: ChildProcess & { readonly stdout: NodeJS.ReadableStream } = spawn(
      process.execPath,
      [join(ROOT, 'plugin', 'index.js'), '127.0.0.1:1'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const errors: string[] = [];
    child.stderr?.on('data', (data) => errors.push(String(data)));
    const port = await new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).once('line', resolve);
    });
    const client = new providerRpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    stops.push(() => {
      client.close();
      child.kill();
    });
    return { child, errors, client };
  }

  /** Starts a monitor that refuses one kind of call, as that of an update that has ended. */
  async function startMonitor(refusedCall: string, onRefused: () => void): Promise<string> {
    const refuse: handleUnaryCall<unknown, unknown> = (_call, callback) => {
      callback({ code: grpc.status.UNKNOWN, details: 'resource monitor shut down' });
      onRefused();
    };
    const registerResource: handleUnaryCall<unknown, unknown> = (_call, callback) => {
      callback(
        null,
        new sdk.resource.RegisterResourceResponse().setUrn('urn:pulumi:s::p::t::root'),
      );
    };
    const supportsFeature: handleUnaryCall<unknown, unknown> = (_call, callback) => {
      callback(null, new sdk.resource.SupportsFeatureResponse().setHassupport(true));
    };
    const answers: UntypedServiceImplementation = {
      registerResource,
      supportsFeature,
      [refusedCall]: refuse,
    };
    const { server, port } = await serve(sdk, [[sdk.resourceRpc.ResourceMonitorService, answers]]);
    stops.push(() => {
      server.forceShutdown();
    });
    return `127.0.0.1:${port}`;
  }

  function requestOf(monitor: string, inputs: object): ConstructRequest {
    const request = new messages.ConstructRequest()
      .setProject('p')
      .setStack('s')
      .setType('kms-byok:index:ImportedKey')
      .setName('root')
      .setMonitorendpoint(monitor)
      .setInputs(toStruct({ materials: [{ file: 'a.bin' }], ...inputs }));
    request.getConfigMap().set('p:token', 'a secret of the stack');
    return request;
  }

  it.each([
    ['a key that is refused', 'registerResourceOutputs', { policy: '{}', access: {} }, 'KEY_ARGS'],
    ['a key whose registration fails', 'registerResource', {}, 'CANCELLED'],
  ])(
    'the plugin goes on after %s, and prints nothing of the configuration of the stack',
    async (_title, refusedCall, inputs, code) => {
      let onRefused!: () => void;
      const isRefused = new Promise<void>((resolve) => {
        onRefused = resolve;
      });
      const monitor = await startMonitor(refusedCall, onRefused);
      const { child, errors, client } = await startPlugin();
      const constructed = new Promise((resolve, reject) => {
        client.construct(requestOf(monitor, inputs), (error, response) => {
          if (error === null) resolve(response);
          else reject(error);
        });
      });
      await expect(constructed).rejects.toThrow(`[${code}]`);
      await isRefused;
      for (let count = 0; count < 3; count++) {
        await new Promise<void>((resolve, reject) => {
          client.getPluginInfo(new protocol.empty.Empty(), (error) => {
            if (error === null) resolve();
            else reject(error);
          });
        });
      }
      expect([child.exitCode, errors.join('')]).toEqual([null, '']);
    },
    20_000,
  );
});
