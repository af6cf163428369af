import type { handleUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { asByokError, ByokError } from '../errors';
import { protocol } from './pulumi-sdk';
import { toStruct } from './values';

/** Answers one call. */
export type Answer<Request, Response> = (request: Request) => Response | Promise<Response>;

/**
 * Returns the handler of a call. It turns every error into the status of the call, also one that is thrown
 * synchronously, which gRPC would show as "Unknown error".
 *
 * @param inputsOf - returns the inputs in a request: what is secret there is secret in the state of an init failure
 */
export function handlerOf<Request, Response>(
  answer: Answer<Request, Response>,
  inputsOf?: (request: Request) => Struct | undefined,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    new Promise<Response>((resolve) => {
      resolve(answer(request));
    }).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(statusOf(error, inputsOf?.(request)));
      },
    );
  };
}

/** An error after which the engine keeps the state of the resource. */
interface InitFailure extends ByokError {
  readonly id: string;
  readonly properties: object;
  readonly reasons: readonly string[];
}

/** Returns whether the engine keeps the state of the resource after this error. */
export function isInitFailure(error: unknown): error is InitFailure {
  return error instanceof ByokError && 'id' in error && 'properties' in error && 'reasons' in error;
}

function statusOf(thrown: unknown, inputs: Struct | undefined): Partial<ServiceError> {
  const error = asByokError(thrown);
  const { message } = error;
  return {
    code: protocol.grpc.status.UNKNOWN,
    details: message,
    message,
    ...(isInitFailure(error) ? { metadata: detailsOf(error, inputs) } : {}),
  };
}

// ErrorResourceInitFailed of Pulumi's protocol, in the details of a gRPC status.
function detailsOf(
  { id, properties, reasons, message }: InitFailure,
  inputs: Struct | undefined,
): Metadata {
  const { provider, any, status, grpc } = protocol;
  const failure = new provider.ErrorResourceInitFailed();
  failure.setId(id);
  failure.setProperties(toStruct(properties, inputs));
  failure.setReasonsList([...reasons]);
  const detail = new any.Any();
  detail.pack(failure.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const details = new status.Status();
  details.setCode(grpc.status.UNKNOWN);
  details.setMessage(message);
  details.setDetailsList([detail]);
  const metadata = new grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(details.serializeBinary()));
  return metadata;
}
