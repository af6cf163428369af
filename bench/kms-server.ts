// Child process of the benchmarks: the embedded KMS.
import { startKms } from 'pulumi-kms-byok/testing';
import { reportStarted } from './kms-child';

async function main(): Promise<void> {
  const start = performance.now();
  const { port } = await startKms();
  reportStarted({ port, milliseconds: performance.now() - start });
}

void main();
