import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median, type Result } from './result';

const PROGRAMS = join(__dirname, 'programs');

/** Measures the cost of registering resources, ours and hand-written ones in turn. */
export function benchRegistration(count: number, rounds: number): Result {
  const times = { ours: [] as number[], 'hand-written': [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const program of ['ours', 'hand-written'] as const) {
      const output = execFileSync(
        process.execPath,
        [join(PROGRAMS, 'register.js'), program, String(count)],
        {
          encoding: 'utf8',
          env: { ...process.env, BENCH_MATERIAL: Buffer.alloc(32, 1).toString('base64') },
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      times[program].push(Number(output));
    }
  }
  return {
    what: `registration of ${count} resources`,
    unit: 'ms of processor time',
    ours: median(times.ours),
    peer: median(times['hand-written']),
    peerName: 'pulumi.dynamic.Resource',
    limit: { atMost: 0.2 },
    how: `a process for each, in turn, under the mocks of the SDK; median of ${rounds}`,
  };
}
