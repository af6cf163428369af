import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { LogRequest } from '@pulumi/pulumi/proto/engine_pb';
import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from '@pulumi/pulumi/proto/resource_pb';

import type { Deployment } from './deployment';
import { readGoal, registrationGoal } from './goal';
import { messageOf, serve, unaryHandlers } from './grpc-server';
import type { RunLog } from './run-log';
import { fromStruct, toStruct, type PulumiSdk } from './sdk';
import { DeploymentEnded } from './step-tracker';

/** The optional features that this engine has. The SDK works without the others. */
const FEATURES: ReadonlySet<string> = new Set(['secrets', 'deletedWith']);

/** The two services that a program calls, on one address. */
export interface EngineServer {
  readonly address: string;
  stop(): void;
}

/** Serves ResourceMonitor and Engine on a free port of this machine. */
export async function startServer(
  sdk: PulumiSdk,
  deployment: Deployment,
  log: RunLog,
): Promise<EngineServer> {
  const { server, port } = await serve(sdk, [
    [sdk.resourceRpc.ResourceMonitorService, monitorService(sdk, deployment)],
    [sdk.engineRpc.EngineService, engineService(sdk, log)],
  ]);
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

function monitorService(sdk: PulumiSdk, deployment: Deployment): UntypedServiceImplementation {
  const { resource } = sdk;
  const unary = answering(sdk);
  return {
    supportsFeature: unary((request: SupportsFeatureRequest) => {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return response;
    }),
    registerResource: unary(async (request: RegisterResourceRequest) => {
      const state = await deployment.register(registrationGoal(request));
      const response = new resource.RegisterResourceResponse();
      response.setUrn(state.urn);
      response.setId(state.id);
      // The outputs of a component may refer to resources that this run has not registered yet.
      response.setObject(toStruct(sdk, state.custom ? state.outputs : {}));
      return response;
    }),
    registerResourceOutputs: unary((request: RegisterResourceOutputsRequest) => {
      deployment.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new sdk.empty.Empty();
    }),
    readResource: unary(async (request: ReadResourceRequest) => {
      const state = await deployment.read(readGoal(request));
      const response = new resource.ReadResourceResponse();
      response.setUrn(state.urn);
      response.setProperties(toStruct(sdk, state.outputs));
      return response;
    }),
    invoke: unary(async (request: ResourceInvokeRequest) => {
      const args = fromStruct(request.getArgs());
      const result = await deployment.invoke(request.getTok(), request.getProvider(), args);
      // In the oldest supported SDK the class has another name and the same members.
      const named: Partial<typeof resource> = resource;
      const response = new (named.ResourceInvokeResponse ?? sdk.provider.InvokeResponse)();
      response.setReturn(toStruct(sdk, result));
      return response;
    }),
  };
}

function engineService(sdk: PulumiSdk, log: RunLog): UntypedServiceImplementation {
  const unary = answering(sdk);
  let rootUrn = '';
  return {
    log: unary((request: LogRequest) => {
      const { WARNING, ERROR, INFO } = sdk.engine.LogSeverity;
      const severity = request.getSeverity();
      const text = request.getMessage();
      if (severity === ERROR) log.failure(text);
      else if (severity === WARNING) log.diagnostic(`warning: ${text}`);
      else if (severity === INFO) log.diagnostic(text);
      return new sdk.empty.Empty();
    }),
    getRootResource: unary(() => {
      const response = new sdk.engine.GetRootResourceResponse();
      response.setUrn(rootUrn);
      return response;
    }),
    setRootResource: unary((request: { getUrn(): string }) => {
      rootUrn = request.getUrn();
      return new sdk.engine.SetRootResourceResponse();
    }),
  };
}

function answering({ grpc }: PulumiSdk) {
  return unaryHandlers((error) =>
    error instanceof DeploymentEnded
      ? // The SDK interprets this as the end of the engine, and prints no further message.
        { code: grpc.status.UNAVAILABLE, details: 'the run has failed' }
      : { code: grpc.status.UNKNOWN, details: messageOf(error) },
  );
}
