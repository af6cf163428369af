import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN_PREFIX, type Admin } from './admin';
import { requestTooLarge } from '../errors/kms-error';
import { jsonProtocol } from './json-protocol';
import type { KmsRequest, Reply } from './protocol';
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

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Puts a service and its admin route on a port.
 *
 * @throws the error of node:net, for example EADDRINUSE, when it cannot listen.
 */
export async function listen(
  service: Service,
  admin: Admin,
  { host, port }: Address,
): Promise<Listener> {
  const stop = new AbortController();
  const server = createServer((request, response) => {
    respond(service, admin, request, response, stop.signal).catch(() => {
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
  admin: Admin,
  request: IncomingMessage,
  response: ServerResponse,
  stopped: AbortSignal,
): Promise<void> {
  const body = await readBody(request);
  if (request.method === 'GET' && request.url === '/_health') {
    write(response, { ...JSON_REPLY, body: '{"status":"ok"}' });
  } else if (body === undefined) {
    write(response, jsonProtocol.failure(requestTooLarge(), ''));
  } else if (request.url?.startsWith(ADMIN_PREFIX) === true) {
    write(response, admin.handle(kmsRequest(request, body), request.socket.remoteAddress));
  } else if (request.method !== 'POST') {
    write(response, { ...JSON_REPLY, status: 404, body: '{"message":"POST / or GET /_health"}' });
  } else {
    deliver(response, await service.handle(kmsRequest(request, body), stopped));
  }
}

const JSON_REPLY = { status: 200, contentType: 'application/json' } as const;

function kmsRequest({ method = '', url = '', headers }: IncomingMessage, body: Buffer): KmsRequest {
  return {
    method,
    url,
    // Only set-cookie comes as a list, which no client sends; node joins all others.
    headers: headers as KmsRequest['headers'],
    body,
  };
}

function deliver(response: ServerResponse, answer: Answer): void {
  switch (answer.kind) {
    case 'reply': {
      write(response, answer.reply, { 'x-amzn-requestid': answer.requestId });
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

/** All headers in one call: `setHeader` would make node copy and check each of them once more. */
function write(
  response: ServerResponse,
  { status, contentType, body }: Reply,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * The whole body, or undefined when it is too large. The rest of a large body is read and dropped,
 * because a client that is still sending does not see an answer that cuts it off.
 */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  // Not an async iterator: that alone would take longer than most operations.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      resolve(size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the client went away'));
    });
  });
}
