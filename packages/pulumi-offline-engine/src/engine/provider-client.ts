import type { ServiceError } from '@grpc/grpc-js';
import type { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import type {
  CheckFailure,
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffRequest,
  DiffResponse,
  InvokeResponse,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from '@pulumi/pulumi/proto/provider_pb';

import { CHANNEL_OPTIONS } from './grpc-server';
import type { ManagedProcess } from './managed-process';
import {
  PartialFailure,
  type ChangeRequest,
  type DiffResult,
  type ResourceProvider,
} from './resource-provider';
import { fromStruct, toStruct, type PulumiSdk } from './sdk';
import { annotateSecrets } from './secrets';
import { isProviderType, nameOf, packageOf } from './urn';
import { revealed, revealedMap, type ValueMap } from './values';

type Done<Response> = (error: ServiceError | null, response: Response) => void;

/**
 * Calls a plugin process over the ResourceProvider protocol. Plugins get plain values, as plugins that do
 * not accept secrets do in Pulumi, and their outputs are marked again.
 */
export class ProviderClient implements ResourceProvider {
  readonly #sdk: PulumiSdk;
  readonly #client: ResourceProviderClient;
  readonly #process: ManagedProcess;
  #supportsPreview = false;

  constructor(sdk: PulumiSdk, address: string, process: ManagedProcess) {
    this.#sdk = sdk;
    this.#process = process;
    this.#client = new sdk.providerRpc.ResourceProviderClient(
      address,
      sdk.grpc.credentials.createInsecure(),
      CHANNEL_OPTIONS,
    );
  }

  /** Passes the provider's configuration to the plugin, with its secrets marked. */
  async configure(urn: string, type: string, inputs: ValueMap): Promise<void> {
    const request = new this.#sdk.provider.ConfigureRequest();
    request.setArgs(toStruct(this.#sdk, inputs));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    const pkg = isProviderType(type) ? packageOf(type) : type;
    for (const [key, value] of Object.entries(inputs)) {
      const plain = revealed(value);
      const text = typeof plain === 'string' ? plain : JSON.stringify(plain);
      request.getVariablesMap().set(`${pkg}:config:${key}`, text);
    }
    const response = await this.#call<ConfigureResponse>(`configure ${nameOf(urn)}`, (done) =>
      this.#client.configure(request, done),
    );
    this.#supportsPreview = response.getSupportspreview();
  }

  async check({ urn, olds, news }: Parameters<ResourceProvider['check']>[0]) {
    const request = new this.#sdk.provider.CheckRequest();
    request.setUrn(urn);
    request.setOlds(this.#plain(olds));
    request.setNews(this.#plain(news));
    const response = await this.#call<CheckResponse>('check', (done) =>
      this.#client.check(request, done),
    );
    return {
      inputs: annotateSecrets(fromStruct(response.getInputs()), news),
      failures: failuresOf(response),
    };
  }

  async diff(args: ChangeRequest): Promise<DiffResult> {
    const request = this.#fill(new this.#sdk.provider.DiffRequest(), args);
    const response = await this.#call<DiffResponse>('diff', (done) =>
      this.#client.diff(request, done),
    );
    const { DiffChanges } = this.#sdk.provider.DiffResponse;
    const answer = response.getChanges();
    return {
      changes:
        answer === DiffChanges.DIFF_NONE
          ? 'none'
          : answer === DiffChanges.DIFF_SOME
            ? 'some'
            : 'unknown',
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create({ urn, inputs, preview }: Parameters<ResourceProvider['create']>[0]) {
    if (preview && !this.#supportsPreview) return { id: '', outputs: inputs };
    const request = new this.#sdk.provider.CreateRequest();
    request.setUrn(urn);
    request.setProperties(this.#plain(inputs));
    request.setPreview(preview);
    const response = await this.#call<CreateResponse>(
      'create',
      (done) => this.#client.create(request, done),
      inputs,
    );
    const id = response.getId();
    if (id === '' && !preview)
      throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
    return { id, outputs: annotateSecrets(fromStruct(response.getProperties()), inputs) };
  }

  async read({ urn, id, inputs, outputs }: Parameters<ResourceProvider['read']>[0]) {
    const request = new this.#sdk.provider.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setInputs(this.#plain(inputs));
    request.setProperties(this.#plain(outputs));
    const response = await this.#call<ReadResponse>('read', (done) =>
      this.#client.read(request, done),
    );
    const newInputs = response.getInputs();
    return {
      id: response.getId(),
      outputs: annotateSecrets(fromStruct(response.getProperties()), outputs),
      ...(newInputs === undefined
        ? {}
        : { inputs: annotateSecrets(fromStruct(newInputs), inputs) }),
    };
  }

  async update(args: Parameters<ResourceProvider['update']>[0]) {
    if (args.preview && !this.#supportsPreview) return { outputs: args.news };
    const request = this.#fill(new this.#sdk.provider.UpdateRequest(), args);
    request.setPreview(args.preview);
    const response = await this.#call<UpdateResponse>(
      'update',
      (done) => this.#client.update(request, done),
      args.news,
    );
    return { outputs: annotateSecrets(fromStruct(response.getProperties()), args.news) };
  }

  async delete({ urn, id, inputs, outputs }: Parameters<ResourceProvider['delete']>[0]) {
    const request = new this.#sdk.provider.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(this.#plain(inputs));
    request.setProperties(this.#plain(outputs));
    await this.#call<unknown>('delete', (done) => this.#client.delete(request, done));
  }

  async invoke({ token, args }: Parameters<ResourceProvider['invoke']>[0]) {
    const request = new this.#sdk.provider.InvokeRequest();
    request.setTok(token);
    request.setArgs(this.#plain(args));
    const response = await this.#call<InvokeResponse>('invoke', (done) =>
      this.#client.invoke(request, done),
    );
    return { result: fromStruct(response.getReturn()), failures: failuresOf(response) };
  }

  /** Closes the connection and ends the process. */
  async stop(): Promise<void> {
    this.#client.close();
    await this.#process.stop();
  }

  #fill<Request extends DiffRequest | UpdateRequest>(
    request: Request,
    args: ChangeRequest,
  ): Request {
    request.setUrn(args.urn);
    request.setId(args.id);
    request.setOldInputs(this.#plain(args.oldInputs));
    request.setOlds(this.#plain(args.oldOutputs));
    request.setNews(this.#plain(args.news));
    request.setIgnorechangesList([...args.ignoreChanges]);
    return request;
  }

  #plain(properties: ValueMap) {
    return toStruct(this.#sdk, revealedMap(properties));
  }

  #call<Response>(
    name: string,
    start: (done: Done<Response>) => unknown,
    inputs: ValueMap = {},
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      start((error, response) => {
        if (error === null) resolve(response);
        else this.#explain(name, error, inputs).then(reject, reject);
      });
    });
  }

  async #explain(name: string, error: ServiceError, inputs: ValueMap): Promise<Error> {
    if (error.code === this.#sdk.grpc.status.UNAVAILABLE) {
      // The connection is lost only when the process ends, and its exit code says more than gRPC's error.
      const { description } = await this.#process.kill();
      return new Error(`the provider process ended during ${name} (${description})`);
    }
    return this.#partialFailure(error, inputs) ?? new Error(error.details, { cause: error });
  }

  #partialFailure(error: ServiceError, inputs: ValueMap): PartialFailure | undefined {
    const [bytes] = error.metadata.get('grpc-status-details-bin');
    if (!Buffer.isBuffer(bytes)) return undefined;
    const { ErrorResourceInitFailed } = this.#sdk.provider;
    for (const detail of this.#sdk.status.Status.deserializeBinary(bytes).getDetailsList()) {
      const failure = detail.unpack(
        (content) => ErrorResourceInitFailed.deserializeBinary(content),
        'pulumirpc.ErrorResourceInitFailed',
      );
      if (failure === null) continue;
      const outputs = annotateSecrets(fromStruct(failure.getProperties()), inputs);
      return new PartialFailure(failure.getId(), outputs, failure.getReasonsList());
    }
    return undefined;
  }
}

function failuresOf(response: { getFailuresList(): CheckFailure[] }) {
  return response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}
