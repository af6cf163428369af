import type {
  ServerWritableStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type * as languageRpc from '@pulumi/pulumi/proto/language_grpc_pb';
import type * as languagePb from '@pulumi/pulumi/proto/language_pb';

import { messageOf, unaryHandlers } from '../engine/grpc-server';
import type { Output } from '../engine/managed-process';
import { fromStruct, requireOfSdk, type PulumiSdk } from '../engine/sdk';
import { cancellationOf } from './cancellation';
import { runPlugin } from './plugin';
import { runProgram, type RunOutcome } from './program';

/** The surroundings that programs get from the process that hosts them. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Returns the destination of a program's output, and a function that waits until all of it is there. */
  readonly outputTo: (engineAddress: string) => readonly [Output, () => Promise<void>];
}

// An engine reads the output of a host that it has started.
const OWN: Surroundings = {
  env: process.env,
  outputTo: () => ['inherit', () => Promise.resolve()],
};

/** Returns Pulumi's LanguageRuntime service, through which an engine runs programs, plugins and policy packs. */
export function languageService(
  sdk: PulumiSdk,
  startedWith: string,
  { env, outputTo }: Surroundings = OWN,
): {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
} {
  const load = requireOfSdk(__dirname);
  const messages = load('@pulumi/pulumi/proto/language_pb') as typeof languagePb;
  const rpc = load('@pulumi/pulumi/proto/language_grpc_pb') as typeof languageRpc;
  // Since 3.250 engines send their address in the handshake, older ones only on the command line.
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

    // A test installs dependencies before a run, and its project names the plugins.
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
      const [output, isPassedOn] = outputTo(engineAddress);
      const outcome = await runProgram(
        {
          env,
          output,
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
      await isPassedOn();
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
        // Emitted as an event, because a destroyed call never sends its status.
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

const unary = unaryHandlers(statusOf);

// The signal is made at once, because a call may be cancelled before its handler has done anything.
function answer<Request>(handle: Handler<Request>) {
  return unary((request: Request, call) => handle(request, cancellationOf(call)));
}

function statusOf(error: unknown): Error & { readonly details: string } {
  const details = messageOf(error);
  return Object.assign(new Error(details), { details });
}
