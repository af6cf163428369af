import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type * as pb from '@pulumi/pulumi/proto/provider_pb';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import type { Properties } from '../provider/protocol';
import { checkResponse } from './check';
import { diffResponse } from './diff';
import type { EngineLog } from './engine-log';
import { handlerOf } from './handlers';
import { notServed } from './not-served';
import { protocol } from './pulumi-sdk';
import type { NativeProvider, Providers } from './resources';
import { withTimeout } from './time-limit';
import { fromStruct, toStruct } from './values';

/** Dependencies of the calls for resources. */
export interface ResourceContext {
  readonly providers: Providers;
  readonly log: EngineLog;
}

/** Returns the calls that the engine makes for one resource. */
export function resourceCalls({ providers, log }: ResourceContext): UntypedServiceImplementation {
  const { provider, empty } = protocol;
  const providerOf = (type: string): NativeProvider => {
    const found = providers[type];
    if (found === undefined) throw notServed('resource', type);
    return found;
  };
  const forResource = <Request extends { getUrn(): string; getType(): string }, Response>(
    answer: (provider: NativeProvider, request: Request) => Promise<Response>,
  ) =>
    handlerOf(
      (request: Request) =>
        log.during(request.getUrn(), () => answer(providerOf(typeOf(request)), request)),
      inputsOf,
    );

  return {
    check: forResource(async (resource, request: pb.CheckRequest) =>
      checkResponse(
        await resource.check(fromStruct(request.getOlds()), fromStruct(request.getNews())),
        request,
      ),
    ),

    diff: forResource(async (resource, request: pb.DiffRequest) => {
      const news = fromStruct(request.getNews());
      const result = await resource.diff(request.getId(), oldsOf(request), news);
      return diffResponse(result, withoutProvider(fromStruct(request.getOldInputs())), news);
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
      return new empty.Empty();
    }),
  };
}

// The inputs of a create or of an update.
function inputsOf(request: object): Struct | undefined {
  const { getProperties, getNews } = request as Partial<pb.CreateRequest & pb.UpdateRequest>;
  return (getNews ?? getProperties)?.call(request);
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
