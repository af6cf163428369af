// A child process of the benchmarks: the embedded KMS.
import { startKms } from 'embedded-kms';
import { reportStarted } from './kms-child';

async function main(): Promise<void> {
  const start = performance.now();
  const { port } = await startKms({ replicationSeconds: 0 });
  reportStarted({ port, milliseconds: performance.now() - start });
}

void main();
