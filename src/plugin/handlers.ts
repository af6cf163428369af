import type { handleUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { asByokError } from '../errors';
import { protocol } from './pulumi-sdk';
import { toStruct } from './values';

/** Answers one call. */
export type Answer<Request, Response> = (request: Request) => Response | Promise<Response>;

/**
 * Returns the handler of a call. It turns every error into the status of the call, also one that is thrown
 * synchronously, which gRPC would show as "Unknown error".
 */
export function handlerOf<Request, Response>(
  answer: Answer<Request, Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    new Promise<Response>((resolve) => {
      resolve(answer(request));
    }).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(statusOf(error));
      },
    );
  };
}

/** An error after which the engine keeps the state of the resource. */
interface InitFailure extends Error {
  readonly id: string;
  readonly properties: object;
  readonly reasons: readonly string[];
}

function isInitFailure(error: object): error is InitFailure {
  return 'id' in error && 'properties' in error && 'reasons' in error;
}

function statusOf(thrown: unknown): Partial<ServiceError> {
  const error = asByokError(thrown);
  const { message } = error;
  return {
    code: protocol.grpc.status.UNKNOWN,
    details: message,
    message,
    ...(isInitFailure(error) ? { metadata: detailsOf(error) } : {}),
  };
}

// ErrorResourceInitFailed of Pulumi's protocol, in the details of a gRPC status.
function detailsOf({ id, properties, reasons, message }: InitFailure): Metadata {
  const { provider, any, status, grpc } = protocol;
  const failure = new provider.ErrorResourceInitFailed();
  failure.setId(id);
  failure.setProperties(toStruct(properties));
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
