import fc from 'fast-check';
import { ManualClock } from '../src';
import { Model } from './model/rules';
import { creation, REGIONS, START, steps, type Real } from './model/steps';
import { RUNS } from './support/runs';
import { clientFor, startWorld } from './support/world';

const SLOW = process.env.SLOW !== undefined;

describe('when operations on several keys, materials and Regions come in any order', () => {
  it(
    'does what the documented rules say, after every step',
    async () => {
      const sequences = fc.commands(steps, { maxCommands: SLOW ? 150 : 60, size: 'max' });
      await fc.assert(
        fc.asyncProperty(sequences, async (commands) => {
          const clock = new ManualClock(new Date(START));
          const options = { clock, rotationSeconds: 3600, replicationSeconds: 3600 };
          const world = { ...(await startWorld(options)), clock };
          const clients = REGIONS.map((region) => clientFor(world.kms, { region }));
          const real: Real = {
            world,
            clients,
            keyIds: [],
            materialIds: new Map(),
            ciphertexts: [],
          };
          try {
            const model = new Model();
            for (const multi of [true, false]) await creation(multi).run(model, real);
            await fc.asyncModelRun(() => ({ model, real }), commands);
          } finally {
            for (const client of clients) client.destroy();
            await world.close();
          }
        }),
        { ...RUNS, numRuns: SLOW ? 150 : 12, endOnFailure: false },
      );
    },
    SLOW ? 30 * 60_000 : 120_000,
  );
});
