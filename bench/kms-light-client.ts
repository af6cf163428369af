import { once } from 'node:events';
import { connect } from 'node:net';
import type { PlainClient } from './kms-calls';

const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/**
 * Creates a client that costs a quarter of node's own, because it shares the processors with the measured
 * server. It has one connection, sends each call in one write, one at a time, and uses no parser. It can
 * read only responses with a length, such as those of the embedded KMS.
 */
export async function lightClient(port: number): Promise<PlainClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.setEncoding('latin1');
  let received = '';
  let settle: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;
  socket.on('data', (chunk: string) => {
    received += chunk;
    const start = received.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
    const length = Number(LENGTH.exec(received)?.[1]);
    if (start < END_OF_HEAD.length || received.length < start + length) return;
    const body = received.slice(start);
    if (received.startsWith('HTTP/1.1 200 ')) settle?.resolve(body);
    else settle?.reject(new Error(received));
    received = '';
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('the server cut the connection')));
  return {
    call: (operation, input) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        const body = JSON.stringify(input);
        const head = [
          'POST / HTTP/1.1',
          `host: 127.0.0.1:${port}`,
          'content-type: application/x-amz-json-1.1',
          `x-amz-target: TrentService.${operation}`,
          `content-length: ${body.length}`,
        ];
        socket.write(`${head.join('\r\n')}${END_OF_HEAD}${body}`, 'latin1');
      }),
    close: () => {
      socket.destroy();
    },
  };
}
