import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostNotAllowed, requestTooLarge } from '../errors/kms-error';
import { systemClock, type KmsClock } from '../state/clock';
import type { Store } from '../state/store';
import { Admin, ADMIN_PREFIX } from './admin';
import { AllowedHosts, hostNameOf, inUrl } from './hosts';
import type { KmsRequest, Reply } from './protocol';
import { protocolOf } from './protocols';
import type { Answer, Service } from './service';
import { STATUS_HEADERS, StatusRoute } from './status-route';

/** Far more than any KMS request: the largest member is a policy of 128 KiB. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Node's default of 5 s is shorter than the pause between two calls of a slow test. A client that writes
 * to a connection at the moment when it ends gets a reset.
 */
const KEEP_ALIVE_MILLISECONDS = 60_000;

/** A listening socket in front of a service. */
export interface Listener {
  /** The URL for clients on this machine. */
  readonly url: string;
  readonly port: number;
  /** Closes all connections and frees the port. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Names that clients may call, see {@link AllowedHosts}. */
  readonly allowHosts: readonly string[];
}

/** The parts that answer requests. */
interface Responders {
  readonly hosts: AllowedHosts;
  readonly service: Service;
  readonly admin: Admin;
  readonly status: StatusRoute;
  readonly stopped: AbortSignal;
}

/**
 * Puts a service, its admin route and its status on a port.
 *
 * @throws TypeError when an allowed host is not a host name; the error of node:net, for example
 * EADDRINUSE, when it cannot listen.
 */
export async function listen(
  service: Service,
  store: Store,
  clock: KmsClock,
  { host, port, allowHosts }: Address,
): Promise<Listener> {
  const stop = new AbortController();
  const responders: Responders = {
    hosts: new AllowedHosts(host, allowHosts),
    service,
    admin: new Admin(service, clock),
    status: new StatusRoute(service, store),
    stopped: stop.signal,
  };
  const server = createServer((request, response) => {
    // Node.js sends the Date of this machine, which contradicts a manual clock. Sending the manual time would make
    // the AWS SDKs correct their signatures and repeat every call that failed.
    response.sendDate = clock === systemClock;
    respond(responders, request, response).catch(() => {
      // The client disconnected during its request, so there is nobody to answer.
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${inUrl(reachable(host))}:${bound}`,
    port: bound,
    async close() {
      stop.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Returns an address of this machine for clients: they cannot connect to a wildcard address. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

async function respond(
  { hosts, service, admin, status, stopped }: Responders,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  const { host } = incoming.headers;
  const request = kmsRequest(incoming, body ?? Buffer.alloc(0));
  if (!hosts.allows(host)) {
    write(response, protocolOf(request).failure(hostNotAllowed(hostNameOf(host)), ''));
  } else if (request.method === 'GET' && request.url === '/_health') {
    write(response, { ...JSON_REPLY, body: '{"status":"ok"}' });
  } else if (body === undefined) {
    write(response, protocolOf(request).failure(requestTooLarge(), ''));
  } else if (request.url.startsWith(ADMIN_PREFIX)) {
    write(response, admin.handle(request, incoming.socket.remoteAddress));
  } else if (status.takes(request)) {
    write(response, status.handle(request, incoming.socket.remoteAddress), STATUS_HEADERS);
  } else if (request.method !== 'POST') {
    write(response, {
      ...JSON_REPLY,
      status: 404,
      body: '{"message":"POST / or GET /_health or /_status"}',
    });
  } else {
    deliver(response, await service.handle(request, stopped));
  }
}

const JSON_REPLY = { status: 200, contentType: 'application/json' } as const;

function kmsRequest({ method = '', url = '', headers }: IncomingMessage, body: Buffer): KmsRequest {
  return {
    method,
    url,
    // Only set-cookie is a list, and no client sends it; Node.js joins all other headers.
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
      // The connection stays open until the client gives up or close() ends it.
      return;
  }
}

/** Writes all headers in one call: after `setHeader` Node.js copies and checks each of them again. */
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
 * Returns the whole body, or undefined when it is too large. The rest of a large body is read and
 * dropped, because a client that is still sending does not see an answer that interrupts it.
 */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  // Not an async iterator, which takes longer than most operations do.
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
      if (!request.complete) reject(new Error('the client disconnected'));
    });
  });
}
