import type {
  handleUnaryCall,
  sendUnaryData,
  Server,
  ServerUnaryCall,
  ServiceDefinition,
  ServiceError,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';

import type { PulumiSdk } from './sdk';

/** Messages may be as large as Pulumi's own engine and SDK allow, 400 MB. */
export const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': 1024 * 1024 * 400,
  'grpc.max_send_message_length': -1,
} as const;

/** A gRPC service and the code that serves it. */
export type Service = readonly [ServiceDefinition, UntypedServiceImplementation];

/** Serves on a free port of this machine. */
export async function serve(
  { grpc }: PulumiSdk,
  services: readonly Service[],
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = new grpc.Server(CHANNEL_OPTIONS);
  for (const [definition, implementation] of services) {
    server.addService(definition, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { server, port };
}

/** Serves as a plugin of an engine, which reads the port from the first line that a plugin prints. */
export async function servePlugin(sdk: PulumiSdk, service: Service): Promise<void> {
  const { port } = await serve(sdk, [service]);
  process.stdout.write(`${port}\n`);
}

/**
 * Returns a function that makes handlers of unary calls. A handler runs at once, and `statusOf` turns
 * an error that it throws into the status of the call.
 */
export function unaryHandlers(statusOf: (error: unknown) => Partial<ServiceError>) {
  return <Request, Response>(
      answer: (
        request: Request,
        call: ServerUnaryCall<Request, Response>,
      ) => Response | Promise<Response>,
    ): handleUnaryCall<Request, Response> =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      new Promise<Response>((resolve) => {
        resolve(answer(call.request, call));
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

/** Returns the message of an error, for the user. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
