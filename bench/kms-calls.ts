import { Agent, request } from 'node:http';

/** Calls an operation and returns the JSON of the response. */
export type Call = (operation: string, input: object) => Promise<string>;

/** A client of a server. */
export interface PlainClient {
  readonly call: Call;
  readonly close: () => void;
}

/**
 * Creates a client that does as little as possible, so that mostly the server's time is measured. It
 * keeps connections alive, signs nothing and parses no responses.
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

/** Creates a key for imported material and returns its ID. */
export async function createKey(call: Call): Promise<string> {
  const answer = JSON.parse(await call('CreateKey', { Origin: 'EXTERNAL' })) as {
    KeyMetadata: { KeyId: string };
  };
  return answer.KeyMetadata.KeyId;
}

/** Runs all jobs, some at a time, and returns the number of jobs per second. */
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
