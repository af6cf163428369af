// Child process of the benchmarks: a bare JSON server. Its argument has the response to each operation.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportStarted } from './kms-child';

const start = performance.now();
const answers = JSON.parse(process.argv[2] ?? '{}') as Readonly<Record<string, unknown>>;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    const operation = String(request.headers['x-amz-target']).replace(/^TrentService\./, '');
    const body = JSON.stringify(answers[operation]);
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  reportStarted({ port, milliseconds: performance.now() - start });
});
