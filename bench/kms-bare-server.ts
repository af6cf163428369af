// Child process of the benchmarks: a bare JSON server that responds to every request with the value of
// its argument.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportStarted } from './kms-child';

const start = performance.now();
const answer: unknown = JSON.parse(process.argv[2] ?? '{}');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    const body = JSON.stringify(answer);
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
