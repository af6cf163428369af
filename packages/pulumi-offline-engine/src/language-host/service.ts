import type {
  sendUnaryData,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type * as languageRpc from '@pulumi/pulumi/proto/language_grpc_pb';
import type * as languagePb from '@pulumi/pulumi/proto/language_pb';

import { fromStruct, requireOfSdk, type PulumiSdk } from '../engine/sdk';
import { cancellationOf } from './cancellation';
import { runPlugin } from './plugin';
import { runProgram, type RunOutcome } from './program';

/** Pulumi's LanguageRuntime service: what an engine needs to run programs, plugins and policy packs. */
export function languageService(
  sdk: PulumiSdk,
  startedWith: string,
): {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
} {
  const load = requireOfSdk(__dirname);
  const messages = load('@pulumi/pulumi/proto/language_pb') as typeof languagePb;
  const rpc = load('@pulumi/pulumi/proto/language_grpc_pb') as typeof languageRpc;
  // Engines since 3.250 name themselves in the handshake, older ones on the command line only.
  let engineAddress = startedWith;

  const implementation: UntypedServiceImplementation = {
    handshake: answer((request: languagePb.LanguageHandshakeRequest) => {
      engineAddress = request.getEngineAddress() || engineAddress;
      return new messages.LanguageHandshakeResponse();
    }),

    getPluginInfo: answer(() => {
      const info = new sdk.plugin.PluginInfo();
      info.setVersion('0.0.0');
      return info;
    }),

    // Dependencies are installed, and plugins named by the project, before a test runs anything.
    getRequiredPackages: answer(() => new messages.GetRequiredPackagesResponse()),
    getRequiredPlugins: answer(() => new messages.GetRequiredPluginsResponse()),
    getProgramDependencies: answer(() => new messages.GetProgramDependenciesResponse()),
    runtimeOptionsPrompts: answer(() => new messages.RuntimeOptionsResponse()),
    installDependencies: (call: ServerWritableStream<unknown, unknown>) => call.end(),

    about: answer(() => {
      const about = new messages.AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      return about;
    }),

    run: answer(async (request: languagePb.RunRequest, cancelled: AbortSignal) => {
      const info = request.getInfo();
      const outcome = await runProgram(
        {
          monitorAddress: request.getMonitorAddress(),
          engineAddress,
          organization: request.getOrganization(),
          project: request.getProject(),
          root: info?.getRootDirectory() ?? request.getPwd(),
          stack: request.getStack(),
          programDir: info?.getProgramDirectory() ?? request.getPwd(),
          entryPoint: info?.getEntryPoint() ?? request.getProgram(),
          preview: request.getDryrun(),
          parallel: request.getParallel(),
          arguments: request.getArgsList(),
          options: fromStruct(info?.getOptions()),
          config: Object.fromEntries(request.getConfigMap().toArray()),
          secretKeys: request.getConfigsecretkeysList(),
        },
        cancelled,
      );
      return responseTo(outcome);
    }),

    runPlugin: (call: PluginCall) => {
      const send = (fill: (response: languagePb.RunPluginResponse) => void): void => {
        const response = new messages.RunPluginResponse();
        fill(response);
        call.write(response);
      };
      const { request } = call;
      runPlugin(
        {
          kind: request.getKind(),
          folder: request.getInfo()?.getProgramDirectory() ?? request.getProgram(),
          workingDirectory: request.getPwd(),
          arguments: request.getArgsList(),
          environment: request.getEnvList(),
        },
        {
          stdout: (chunk) => {
            send((response) => response.setStdout(chunk));
          },
          stderr: (chunk) => {
            send((response) => response.setStderr(chunk));
          },
        },
        cancellationOf(call),
      ).then(
        ({ code }) => {
          send((response) => response.setExitcode(code ?? 1));
          call.end();
        },
        // An event, because a destroyed call never sends its status.
        (error: unknown) => call.emit('error', statusOf(error)),
      );
    },

    cancel: answer(() => new sdk.empty.Empty()),
  };
  const responseTo = ({ bail, error }: RunOutcome): languagePb.RunResponse => {
    const response = new messages.RunResponse();
    response.setBail(bail);
    response.setError(error);
    return response;
  };
  return {
    definition: rpc.LanguageRuntimeService,
    implementation,
  };
}

type PluginCall = ServerWritableStream<languagePb.RunPluginRequest, languagePb.RunPluginResponse>;

type Handler<Request> = (request: Request, cancelled: AbortSignal) => unknown;

// Makes a handler of unary calls; what it throws is the error of the call.
function answer<Request>(handle: Handler<Request>) {
  return (call: ServerUnaryCall<Request, unknown>, done: sendUnaryData<unknown>): void => {
    // At once, because a call may be cancelled before its handler begins.
    const cancelled = cancellationOf(call);
    Promise.resolve()
      .then(() => handle(call.request, cancelled))
      .then(
        (response) => {
          done(null, response);
        },
        (error: unknown) => {
          done(statusOf(error));
        },
      );
  };
}

function statusOf(error: unknown): Error & { readonly details: string } {
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message), { details: message });
}
