import { readFileSync } from 'node:fs';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type * as pb from '@pulumi/pulumi/proto/provider_pb';
import { TYPE_TOKENS } from '../domain/type-tokens';
import type { StackConfig } from '../provider/connection';
import { canonical } from '../provider/protocol';
import { configurationChecked } from './check';
import { configurationOf } from './configuration';
import { diffResponse } from './diff';
import { handlerOf } from './handlers';
import { protocol } from './pulumi-sdk';
import { notServed } from './not-served';
import { resourceCalls, type ResourceContext } from './resource-calls';
import { fromStruct } from './values';

/** Dependencies of the service. */
export interface ServiceContext extends ResourceContext {
  readonly version: string;
  /** `host:port` of the engine, if it is known before the handshake. */
  readonly engine: string | undefined;
  /** Path of the schema of the package. */
  readonly schema: string;
  readonly configure: (config: StackConfig) => void;
  /** Ends every call that is waiting. */
  readonly cancel: () => void;
}

/**
 * Returns Pulumi's ResourceProvider service for the resources of this package. It translates between the protocol and
 * the providers, and decides nothing itself.
 */
export function resourceProvider(context: ServiceContext): UntypedServiceImplementation {
  const { provider, plugin, empty } = protocol;
  const { log } = context;
  const nothing = () => new empty.Empty();
  let { engine } = context;

  return {
    handshake: handlerOf((request: pb.ProviderHandshakeRequest) => {
      log.connect(request.getEngineAddress());
      engine = request.getEngineAddress();
      return new provider.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptOutputs(true);
    }),

    attach: handlerOf((request: { getAddress(): string }) => {
      log.connect(request.getAddress());
      return nothing();
    }),

    getPluginInfo: handlerOf(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(context.version);
      return info;
    }),

    getSchema: handlerOf(() => {
      const response = new provider.GetSchemaResponse();
      response.setSchema(readFileSync(context.schema, 'utf8'));
      return response;
    }),

    checkConfig: handlerOf(configurationChecked),

    // No configuration replaces the resources: each has the ARN of its key.
    diffConfig: handlerOf((request: pb.DiffRequest) => {
      const before = fromStruct(request.getOldInputs());
      const after = fromStruct(request.getNews());
      const changes = canonical(before) !== canonical(after);
      return diffResponse({ changes, replaces: [] }, before, after);
    }),

    configure: handlerOf((request: pb.ConfigureRequest) => {
      context.configure(configurationOf(fromStruct(request.getArgs())));
      return new provider.ConfigureResponse()
        .setSupportspreview(true)
        .setAcceptsecrets(true)
        .setAcceptoutputs(true);
    }),

    ...resourceCalls(context),

    construct: handlerOf(async (request: pb.ConstructRequest) => {
      if (request.getType() !== TYPE_TOKENS.ImportedKey.native || engine === undefined) {
        throw notServed('component', request.getType());
      }
      const { construct } = await import('./construct.js');
      return construct(request, { engine, log });
    }),

    cancel: handlerOf(() => {
      context.cancel();
      return nothing();
    }),

    getMapping: handlerOf(() => new provider.GetMappingResponse()),
    getMappings: handlerOf(() => new provider.GetMappingsResponse()),
    invoke: handlerOf((request: pb.InvokeRequest) => {
      throw notServed('function', request.getTok());
    }),
    call: handlerOf((request: pb.CallRequest) => {
      throw notServed('method', request.getTok());
    }),
    parameterize: handlerOf(() => {
      throw notServed('parameter', 'of the package');
    }),
  };
}
