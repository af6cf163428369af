import type { handleUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import type { Message } from 'google-protobuf';
import type * as pb from '@pulumi/pulumi/proto/provider_pb';
import { TYPE_TOKENS } from '../../src/domain/type-tokens';
import { ByokError, type ByokErrorCode } from '../../src/errors';
import { EngineLog } from '../../src/plugin/engine-log';
import { protocol } from '../../src/plugin/pulumi-sdk';
import { createProviders } from '../../src/plugin/resources';
import { resourceProvider } from '../../src/plugin/service';
import { fromStruct, toStruct } from '../../src/plugin/values';
import { UNKNOWN } from '../../src/provider/protocol';
import type { Adapter } from '../support/adapter';

const { provider: messages } = protocol;
const { DIFF_SOME } = messages.DiffResponse.DiffChanges;

// One, as in a process: in older versions of Node.js, each makes every promise slower.
const log = new EngineLog();

/** Called with everything that leaves the plugin, as bytes and as text. */
let onAnswer: (answer: Buffer | string) => void = () => undefined;

/** Shows every answer and every error of the plugin from now on. */
export function watchAnswers(watch: typeof onAnswer): void {
  onAnswer = watch;
}

/** As the engine calls the native plugin, with the messages of its protocol and without a connection. */
export const nativeAdapter: Adapter = (resource, context, config) => {
  const service = resourceProvider({
    providers: createProviders(context, config),
    log,
    engine: undefined,
    version: '0.0.0',
    schema: '',
    configure: () => undefined,
    cancel: () => undefined,
  });
  const call = <Response extends Message>(name: string, request: object): Promise<Response> =>
    new Promise((resolve, reject) => {
      const handler = service[name] as handleUnaryCall<object, Response>;
      handler({ request } as Parameters<typeof handler>[0], (error, response) => {
        if (error === null) {
          onAnswer(Buffer.from(response!.serializeBinary()));
          onAnswer(JSON.stringify(response!.toObject()));
          resolve(response!);
          return;
        }
        const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
        onAnswer(error.details ?? '');
        if (details !== undefined) onAnswer(details);
        reject(errorOf(error));
      });
    });
  const urn = `urn:pulumi:test::life::${TYPE_TOKENS[resource].native}::it`;
  // The engine passes the inputs of the last update too, which lives do not keep.
  let checked: object = {};

  return {
    configure: () => Promise.resolve(),

    async check(olds, news) {
      const response = await call<pb.CheckResponse>(
        'check',
        new messages.CheckRequest().setUrn(urn).setOlds(toStruct(olds)).setNews(toStruct(news)),
      );
      checked = olds;
      return {
        inputs: fromStruct(response.getInputs()),
        failures: response
          .getFailuresList()
          .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },

    async diff(id, olds, news) {
      const response = await call<pb.DiffResponse>(
        'diff',
        new messages.DiffRequest()
          .setUrn(urn)
          .setId(id)
          .setOlds(toStruct(olds))
          .setOldInputs(toStruct(checked))
          .setNews(toStruct(news)),
      );
      return {
        changes: response.getChanges() === DIFF_SOME,
        replaces: response.getReplacesList(),
      };
    },

    async create(inputs) {
      const properties = toStruct(inputs);
      const request = new messages.CreateRequest().setUrn(urn).setProperties(properties);
      const expected = await call<pb.CreateResponse>('create', request.clone().setPreview(true));
      const response = await call<pb.CreateResponse>('create', request);
      const outs = fromStruct(response.getProperties());
      assertForeseen(fromStruct(expected.getProperties()), outs);
      return { id: response.getId(), outs };
    },

    async update(id, olds, news) {
      const request = new messages.UpdateRequest()
        .setUrn(urn)
        .setId(id)
        .setOlds(toStruct(olds))
        .setNews(toStruct(news));
      const expected = await call<pb.UpdateResponse>('update', request.clone().setPreview(true));
      const response = await call<pb.UpdateResponse>('update', request);
      const outs = fromStruct(response.getProperties());
      assertForeseen(fromStruct(expected.getProperties()), outs);
      return { outs };
    },

    async read(id, props) {
      const response = await call<pb.ReadResponse>(
        'read',
        new messages.ReadRequest().setUrn(urn).setId(id).setProperties(toStruct(props)),
      );
      return response.getId() === ''
        ? {}
        : { id: response.getId(), props: fromStruct(response.getProperties()) };
    },

    async delete(id, props) {
      await call(
        'delete',
        new messages.DeleteRequest().setUrn(urn).setId(id).setProperties(toStruct(props)),
      );
    },
  };
};

/** The update brings about every output that a preview shows. */
function assertForeseen(
  expected: Readonly<Record<string, unknown>>,
  outs: Readonly<Record<string, unknown>>,
): void {
  const names = new Set([...Object.keys(expected), ...Object.keys(outs)]);
  for (const name of names) {
    if (expected[name] !== UNKNOWN) expect([name, outs[name]]).toEqual([name, expected[name]]);
  }
}

function errorOf(error: Partial<ServiceError>): Error {
  const { details = '', metadata } = error;
  const [, reason = details, code = ''] = /^([^]*) \[([A-Z0-9_]+)\]$/.exec(details) ?? [];
  return Object.assign(new ByokError(code as ByokErrorCode, reason), initFailureOf(metadata));
}

function initFailureOf(metadata: Metadata | undefined): object {
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  if (!Buffer.isBuffer(bytes)) return {};
  const [detail] = protocol.status.Status.deserializeBinary(bytes).getDetailsList();
  const failure = detail?.unpack(
    (content) => messages.ErrorResourceInitFailed.deserializeBinary(content),
    'pulumirpc.ErrorResourceInitFailed',
  );
  if (failure == null) return {};
  return {
    id: failure.getId(),
    properties: fromStruct(failure.getProperties()),
    reasons: failure.getReasonsList(),
  };
}
