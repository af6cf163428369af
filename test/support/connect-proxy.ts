import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy for the method CONNECT. */
export interface ConnectProxy {
  readonly url: string;
  /** The hosts and ports that clients asked for. */
  readonly targets: string[];
  readonly close: () => Promise<void>;
}

interface ProxyOptions {
  /** Port on this machine to which every connection leads. Default: connections are refused with status 502. */
  readonly leadsTo?: number;
  /** Required user name and password, `user:password`. */
  readonly credentials?: string;
  /** Status with which every connection is refused. */
  readonly status?: number;
}

/** Starts a proxy on a free port of this machine. It resolves no host names. */
export async function startConnectProxy(options: ProxyOptions = {}): Promise<ConnectProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => {
    response.writeHead(405).end();
  });
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    targets.push(url);
    sockets.add(client);
    client.on('error', () => undefined);
    const status = statusFor(headers['proxy-authorization'], options);
    if (status !== 200 || options.leadsTo === undefined) {
      client.end(`HTTP/1.1 ${status} refused\r\n\r\n`);
      return;
    }
    const upstream = connect(options.leadsTo, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function statusFor(
  authorization: string | undefined,
  { leadsTo, credentials, status }: ProxyOptions,
): number {
  if (status !== undefined) return status;
  const expected =
    credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  if (authorization !== expected) return 407;
  return leadsTo === undefined ? 502 : 200;
}
