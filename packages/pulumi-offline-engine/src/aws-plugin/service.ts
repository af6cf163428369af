import type { Metadata, UntypedServiceImplementation } from '@grpc/grpc-js';
import type * as providerPb from '@pulumi/pulumi/proto/provider_pb';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { messageOf, unaryHandlers } from '../engine/grpc-server';
import { fromStruct, toStruct, type PulumiSdk } from '../engine/sdk';
import { nameOf } from '../engine/urn';
import { UNKNOWN, type ValueMap } from '../engine/values';
import type { AwsConnection } from './aws-connection';
import { compareInputs } from './compare';
import { FUNCTIONS, RESOURCE_TYPES } from './registry';
import { Incomplete, type ExistingTarget, type Target, type ResourceType } from './resource';

/** Returns the ResourceProvider service of Pulumi's protocol, for the types in the registry. */
export function providerService(sdk: PulumiSdk, aws: AwsConnection): UntypedServiceImplementation {
  const { provider } = sdk;
  const unary = answering(sdk);
  const targetOf = (urn: string, inputs: ValueMap, recorded: ValueMap = {}): Target => {
    const region = recorded.region ?? inputs.region;
    return {
      aws,
      name: nameOf(urn),
      inputs,
      region: typeof region === 'string' && region !== UNKNOWN ? region : aws.region,
    };
  };

  return {
    getPluginInfo: unary(() => {
      const info = new sdk.plugin.PluginInfo();
      info.setVersion(installedVersion());
      return info;
    }),

    checkConfig: unary((request: providerPb.CheckRequest) => {
      const response = new provider.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),

    diffConfig: unary(() => new provider.DiffResponse()),

    configure: unary((request: providerPb.ConfigureRequest) => {
      aws.configure(fromStruct(request.getArgs()));
      const response = new provider.ConfigureResponse();
      // The engine sends secrets in plain text, and marks them again afterwards.
      response.setAcceptsecrets(false);
      response.setSupportspreview(true);
      return response;
    }),

    invoke: unary(async (request: providerPb.InvokeRequest) => {
      const call = FUNCTIONS[request.getTok()];
      if (call === undefined) throw notServed(request.getTok());
      const response = new provider.InvokeResponse();
      response.setReturn(toStruct(sdk, await call(aws, fromStruct(request.getArgs()))));
      return response;
    }),

    check: unary((request: providerPb.CheckRequest) => {
      const { attributes } = typeOf(request.getUrn());
      const news = fromStruct(request.getNews());
      const response = new provider.CheckResponse();
      response.setInputs(request.getNews());
      const refuse = (property: string, reason: string): void => {
        const failure = new provider.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      };
      for (const [name, attribute] of Object.entries(attributes)) {
        if (attribute.required === true && news[name] === undefined) {
          refuse(name, 'Missing required property');
        }
      }
      for (const name of Object.keys(news)) {
        if (attributes[name] === undefined && !name.startsWith('__')) {
          refuse(name, 'not served by the aws stand-in');
        }
      }
      return response;
    }),

    diff: unary((request: providerPb.DiffRequest) => {
      const { changed, replaces } = compareInputs(
        typeOf(request.getUrn()),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
        request.getIgnorechangesList(),
      );
      const response = new provider.DiffResponse();
      const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
      response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      response.setDiffsList([...changed]);
      response.setReplacesList([...replaces]);
      return response;
    }),

    create: unary(async (request: providerPb.CreateRequest) => {
      const type = typeOf(request.getUrn());
      const inputs = fromStruct(request.getProperties());
      const response = new provider.CreateResponse();
      if (request.getPreview()) {
        const unknown = Object.fromEntries(type.computed.map((name) => [name, UNKNOWN]));
        response.setProperties(toStruct(sdk, { ...unknown, ...inputs }));
        return response;
      }
      const { id, outputs } = await type.create(targetOf(request.getUrn(), inputs));
      response.setId(id);
      response.setProperties(toStruct(sdk, outputs));
      return response;
    }),

    read: unary(async (request: providerPb.ReadRequest) => {
      const type = typeOf(request.getUrn());
      const state = fromStruct(request.getProperties());
      const inputs = fromStruct(request.getInputs());
      // The ID of an import may include its Region: ID@Region.
      const [id = '', region = state.region] = request.getId().split('@');
      const recorded = { ...state, ...(region === undefined ? {} : { region }) };
      const found = await type.read({
        ...targetOf(request.getUrn(), inputs, recorded),
        id,
        outputs: recorded,
      });
      const response = new provider.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setProperties(toStruct(sdk, found.outputs));
      const isImport = request.getProperties() === undefined || Object.keys(state).length === 0;
      const names = isImport ? Object.keys(type.attributes) : Object.keys(inputs);
      response.setInputs(toStruct(sdk, inputsFrom(type, names, inputs, found.outputs)));
      return response;
    }),

    update: unary(async (request: providerPb.UpdateRequest) => {
      const type = typeOf(request.getUrn());
      const outputs = fromStruct(request.getOlds());
      const ignored = request.getIgnorechangesList();
      const news = fromStruct(request.getNews());
      const { changed } = compareInputs(type, outputs, news, ignored);
      const inputs = { ...news, ...only(outputs, ignored) };
      const response = new provider.UpdateResponse();
      const existing: ExistingTarget = {
        ...targetOf(request.getUrn(), inputs, outputs),
        id: request.getId(),
        outputs,
      };
      const result = request.getPreview()
        ? { ...outputs, ...inputs }
        : await type.update(existing, new Set(changed));
      response.setProperties(toStruct(sdk, result));
      return response;
    }),

    delete: unary(async (request: providerPb.DeleteRequest) => {
      const outputs = fromStruct(request.getProperties());
      await typeOf(request.getUrn()).delete({
        ...targetOf(request.getUrn(), outputs, outputs),
        id: request.getId(),
        outputs,
      });
      return new sdk.empty.Empty();
    }),

    cancel: unary(() => new sdk.empty.Empty()),
  };
}

// Returns the inputs with AWS's current values. Properties that AWS does not return stay.
function inputsFrom(
  { attributes }: ResourceType,
  names: readonly string[],
  inputs: ValueMap,
  outputs: ValueMap,
): ValueMap {
  const entries = names.flatMap((name) => {
    const value = outputs[name] ?? inputs[name];
    const wanted = value !== undefined && value !== '' && value !== attributes[name]?.fallback;
    return wanted || inputs[name] !== undefined ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries) as ValueMap;
}

function only(properties: ValueMap, names: readonly string[]): ValueMap {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

function typeOf(urn: string): ResourceType {
  const token = urn.split('::')[2]?.split('$').at(-1) ?? '';
  const type = RESOURCE_TYPES[token];
  if (type === undefined) throw notServed(token);
  return type;
}

function notServed(token: string): Error {
  const served = [...Object.keys(RESOURCE_TYPES), ...Object.keys(FUNCTIONS)].join(', ');
  return new Error(`the aws stand-in does not serve ${token}, only ${served}`);
}

// The engine warns about a plugin that is older than the SDK of its package.
function installedVersion(): string {
  try {
    const load = createRequire(join(process.cwd(), 'program.js'));
    return (load('@pulumi/aws/package.json') as { readonly version: string }).version;
  } catch {
    return '7.0.0';
  }
}

function answering(sdk: PulumiSdk) {
  return unaryHandlers((error) => ({
    code: sdk.grpc.status.UNKNOWN,
    details: messageOf(error),
    message: messageOf(error),
    ...(error instanceof Incomplete ? { metadata: initFailed(sdk, error) } : {}),
  }));
}

// Pulumi's protocol puts ErrorResourceInitFailed in the details of a status.
function initFailed(sdk: PulumiSdk, { found, message }: Incomplete): Metadata {
  const failure = new sdk.provider.ErrorResourceInitFailed();
  failure.setId(found.id);
  failure.setProperties(toStruct(sdk, found.outputs));
  failure.setReasonsList([message]);
  const detail = new sdk.any.Any();
  detail.pack(failure.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const status = new sdk.status.Status();
  status.setCode(sdk.grpc.status.UNKNOWN);
  status.setMessage(message);
  status.setDetailsList([detail]);
  const metadata = new sdk.grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return metadata;
}
