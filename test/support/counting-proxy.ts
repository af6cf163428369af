import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a server that counts the requests. */
export interface CountingProxy {
  readonly url: string;
  readonly count: () => number;
  readonly close: () => Promise<void>;
}

/** Starts a server on a free port that passes everything on. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const { method = 'POST', headers, url = '/' } = incoming;
    const passed = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
