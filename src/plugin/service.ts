import { readFileSync } from 'node:fs';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type * as pb from '@pulumi/pulumi/proto/provider_pb';
import { TYPE_TOKENS } from '../domain/type-tokens';
import { ByokError, type ByokErrorCode } from '../errors';
import type { Step, Timeouts } from '../provider/wait';
import type { CheckResult, Properties, Provider } from '../provider/protocol';
import { checkConfiguration, configurationOf } from './configuration';
import { diffResponse } from './diff';
import type { EngineLog } from './engine-log';
import { type Answer, handlerOf } from './handlers';
import { protocol } from './pulumi-sdk';
import type { Providers } from './resources';
import { fromStruct, toStruct } from './values';

/** Dependencies of the service. */
export interface ServiceContext {
  readonly providers: Providers;
  readonly log: EngineLog;
  readonly version: string;
  /** `host:port` of the engine, if it is known before the handshake. */
  readonly engine: string | undefined;
  /** Path of the schema of the package. */
  readonly schema: string;
  readonly configure: (config: (key: string) => string | undefined) => void;
  /** Ends what waits. */
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

  const providerOf = (type: string): Omit<Provider, 'configure'> => {
    const found = context.providers[type];
    if (found === undefined) throw notServed('resource', type);
    return found;
  };
  const forResource = <Request extends { getUrn(): string; getType(): string }, Response>(
    answer: (provider: Omit<Provider, 'configure'>, request: Request) => Promise<Response>,
  ) =>
    handlerOf((request: Request) =>
      log.during(request.getUrn(), () => answer(providerOf(typeOf(request)), request)),
    );

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

    checkConfig: handlerOf((request: pb.CheckRequest) =>
      checkResponse(
        {
          inputs: fromStruct(request.getNews()),
          failures: checkConfiguration(fromStruct(request.getNews())).map(({ message }) => ({
            property: '',
            reason: message,
          })),
        },
        request,
      ),
    ),

    // No configuration replaces the resources: each has the ARN of its key.
    diffConfig: handlerOf((request: pb.DiffRequest) => {
      const [before, after] = [request.getOldInputs(), request.getNews()].map(fromStruct);
      const changes = JSON.stringify(before) !== JSON.stringify(after);
      return diffResponse({ changes, replaces: [] }, before ?? {}, after ?? {});
    }),

    configure: handlerOf((request: pb.ConfigureRequest) => {
      context.configure(configurationOf(fromStruct(request.getArgs())));
      return new provider.ConfigureResponse()
        .setSupportspreview(true)
        .setAcceptsecrets(true)
        .setAcceptoutputs(true);
    }),

    check: forResource(async (resource, request: pb.CheckRequest) =>
      checkResponse(
        await resource.check(fromStruct(request.getOlds()), fromStruct(request.getNews())),
        request,
      ),
    ),

    diff: forResource(async (resource, request: pb.DiffRequest) => {
      const news = fromStruct(request.getNews());
      const result = await resource.diff(request.getId(), oldsOf(request), news);
      return diffResponse(result, fromStruct(request.getOldInputs()), news);
    }),

    create: forResource(async (resource, request: pb.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const response = new provider.CreateResponse();
      if (request.getPreview()) {
        return response.setProperties(
          toStruct(resource.preview(inputs, undefined), request.getProperties()),
        );
      }
      const { id, outs } = await withTimeout('create', request, inputs, (limited) =>
        resource.create(limited),
      );
      return response.setId(id).setProperties(toStruct(outs, request.getProperties()));
    }),

    update: forResource(async (resource, request: pb.UpdateRequest) => {
      const news = fromStruct(request.getNews());
      const olds = oldsOf(request);
      const response = new provider.UpdateResponse();
      if (request.getPreview()) {
        return response.setProperties(toStruct(resource.preview(news, olds), request.getNews()));
      }
      const { outs } = await withTimeout('update', request, news, (limited) =>
        resource.update(request.getId(), olds, limited),
      );
      return response.setProperties(toStruct(outs, request.getNews()));
    }),

    read: forResource(async (resource, request: pb.ReadRequest) => {
      const before = fromStruct(request.getProperties());
      const found = await resource.read(request.getId(), withoutProvider(before));
      const response = new provider.ReadResponse();
      if (found.id === undefined || found.props === undefined) return response;
      const isImport = Object.keys(before).length === 0;
      return response
        .setId(found.id)
        .setProperties(toStruct(found.props, request.getProperties(), request.getInputs()))
        .setInputs(isImport ? toStruct(resource.inputsOf(found.props)) : request.getInputs());
    }),

    delete: forResource(async (resource, request: pb.DeleteRequest) => {
      const state = withoutProvider(fromStruct(request.getProperties()));
      await withTimeout('delete', request, state, async (limited) => {
        await resource.delete(request.getId(), limited);
        return { outs: {} };
      });
      return nothing();
    }),

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

function checkResponse(
  { inputs, failures }: CheckResult,
  request: pb.CheckRequest,
): pb.CheckResponse {
  const { provider } = protocol;
  return new provider.CheckResponse()
    .setInputs(toStruct(inputs, request.getNews()))
    .setFailuresList(
      failures.map(({ property, reason }) =>
        new provider.CheckFailure().setProperty(property).setReason(reason),
      ),
    );
}

// Older engines send no type.
function typeOf(request: { getUrn(): string; getType(): string }): string {
  return request.getType() || (request.getUrn().split('::')[2]?.split('$').at(-1) ?? '');
}

function oldsOf(request: pb.DiffRequest | pb.UpdateRequest): Properties {
  return withoutProvider(fromStruct(request.getOlds()));
}

// A resource that was one of a dynamic provider has the text of that provider in its state.
function withoutProvider({ __provider, ...properties }: Properties): Properties {
  return properties;
}

/**
 * Takes a step within the time limit of the option `customTimeouts`, unless the input `timeouts` has one. State keeps
 * only the input.
 */
async function withTimeout<Result extends { readonly outs: object }>(
  step: Step,
  request: { getTimeout(): number },
  properties: Properties,
  take: (properties: Properties) => Promise<Result>,
): Promise<Result> {
  const declared = properties.timeouts as Timeouts | undefined;
  const seconds = Math.ceil(request.getTimeout());
  if (seconds === 0 || declared?.[step] !== undefined) return take(properties);
  const result = await take({ ...properties, timeouts: { ...declared, [step]: seconds } });
  return { ...result, outs: { ...result.outs, timeouts: declared } };
}

function notServed(what: string, name: string): ByokError {
  const code: ByokErrorCode = 'UNKNOWN_INPUT';
  return new ByokError(
    code,
    `this version of the plugin has no ${what} ${name}: install the version that the program was written for`,
  );
}
