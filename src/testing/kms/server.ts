import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestTooLarge } from './errors';
import { jsonProtocol } from './json-protocol';
import type { Answer, Service } from './service';

/** No KMS request comes near: the largest member is a policy of 128 KiB. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Node's default of 5 s is shorter than a slow test's pause between two calls, and a client that
 * writes to a connection just as it ends sees a reset.
 */
const KEEP_ALIVE_MILLISECONDS = 60_000;

/** A listening socket in front of a service. */
export interface Listener {
  readonly port: number;
  /** Cuts what is open and frees the port. */
  close(): Promise<void>;
}

/**
 * Puts a service on a port.
 *
 * @throws the error of node:net, for example EADDRINUSE, when it cannot listen.
 */
export async function listen(service: Service, host: string, port: number): Promise<Listener> {
  const stop = new AbortController();
  const server = createServer((request, response) => {
    respond(service, request, response, stop.signal).catch(() => {
      // The client went away in the middle of its request: nobody is left to answer.
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stop.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  stopped: AbortSignal,
): Promise<void> {
  const body = await readBody(request);
  if (request.method === 'GET' && request.url === '/_health') {
    write(response, 200, 'application/json', '{"status":"ok"}');
  } else if (request.method !== 'POST') {
    write(response, 404, 'application/json', '{"message":"POST / or GET /_health"}');
  } else if (body === undefined) {
    const reply = jsonProtocol.failure(requestTooLarge(), '');
    write(response, reply.status, reply.contentType, reply.body);
  } else {
    const { headers } = request;
    const answer = await service.handle(
      {
        target: headers['x-amz-target']?.toString(),
        contentType: headers['content-type'],
        authorization: headers.authorization,
        body,
      },
      stopped,
    );
    deliver(response, answer);
  }
}

function deliver(response: ServerResponse, answer: Answer): void {
  switch (answer.kind) {
    case 'reply': {
      const { status, contentType, body } = answer.reply;
      response.setHeader('x-amzn-requestid', answer.requestId);
      write(response, status, contentType, body);
      return;
    }
    case 'cut':
      response.destroy();
      return;
    case 'hang':
      // Left open on purpose: the client's time-out or close() ends it.
      return;
  }
}

function write(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * The whole body, or undefined when it is too large. The rest of a large body is read and dropped,
 * because a client that is still sending does not see an answer that cuts it off.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}
