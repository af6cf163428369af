import { Agent, request } from 'node:http';

/** Calls an operation, and gives the JSON of its answer. */
export type Call = (operation: string, input: object) => Promise<string>;

/** A way to call a server, until it is closed. */
export interface PlainClient {
  readonly call: Call;
  readonly close: () => void;
}

/**
 * A client that does as little as possible, so that the server's share of the time is what is
 * measured: keep-alive, nothing signed, and no answer is parsed.
 */
export function plainClient(port: number): PlainClient {
  const agent = new Agent({ keepAlive: true });
  return {
    call: (operation, input) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(input);
        const headers = {
          'content-type': 'application/x-amz-json-1.1',
          'content-length': Buffer.byteLength(body),
          'x-amz-target': `TrentService.${operation}`,
        };
        request({ port, host: '127.0.0.1', method: 'POST', agent, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            if (response.statusCode === 200) resolve(text);
            else reject(new Error(`${operation}: ${text}`));
          });
        })
          .on('error', reject)
          .end(body);
      }),
    close: () => {
      agent.destroy();
    },
  };
}

/** Makes a key for imported material, and gives its id. */
export async function createKey(call: Call): Promise<string> {
  const answer = JSON.parse(await call('CreateKey', { Origin: 'EXTERNAL' })) as {
    KeyMetadata: { KeyId: string };
  };
  return answer.KeyMetadata.KeyId;
}

/** Does all jobs, so many at a time, and gives how many were done in a second. */
export async function perSecond(
  jobs: readonly (() => Promise<unknown>)[],
  concurrency: number,
): Promise<number> {
  const queue = jobs.values();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const job of queue) await job();
    }),
  );
  return (jobs.length / (performance.now() - start)) * 1000;
}
