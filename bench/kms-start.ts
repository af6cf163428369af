import { startChild } from './kms-child';
import { median, type Result } from './result';

const LIMIT_MILLISECONDS = 50;

/** Measures how long the embedded KMS takes to start once its modules are loaded. */
export async function benchStart(runs: number): Promise<Result> {
  const times: number[] = [];
  while (times.length < runs) {
    const child = await startChild(require.resolve('./kms-server'));
    times.push(child.milliseconds);
    await child.stop();
  }
  return {
    what: 'start of the embedded KMS',
    unit: 'ms',
    ours: median(times),
    peer: LIMIT_MILLISECONDS,
    peerName: 'the limit',
    limit: { atMost: 1 },
    how: `startKms() after the module is loaded, a new process for each run; median of ${runs}, the slowest ${Math.max(...times).toFixed(1)} ms`,
  };
}
