import { randomBytes } from 'node:crypto';
import { PutKeyPolicyCommand, ReplicateKeyCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { ManualClock } from '../src';
import { LATE, Model, ModelKey } from './model/rules';
import { creation, policy, REGIONS, START, steps, written, type Real } from './model/steps';
import { RUNS } from './support/runs';
import { clientFor, createKey, HOUR, importMaterial, startWorld } from './support/world';

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
    SLOW ? 30 * 60_000 : 400_000,
  );
});

describe('when policies are set on keys of one Region, primary keys and replicas', () => {
  it.each(['before', 'after'])(
    'they are decided as by the documented rules, %s the hour of a condition',
    async (when) => {
      const world = await startWorld();
      const model = new Model();
      const [home, away] = [clientFor(world.kms), clientFor(world.kms, { region: REGIONS[1] })];
      try {
        const single = await createKey({ client: home });
        const multi = await createKey({ client: home }, { Origin: 'EXTERNAL', MultiRegion: true });
        const { KeyId } = multi;
        await importMaterial({ client: home }, KeyId, randomBytes(32));
        await home.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: REGIONS[1]! }));
        const family = new ModelKey(REGIONS[0]!, true);
        model.import(family, REGIONS[0]!, 0, 'NEW', Infinity);
        model.replicate(family, REGIONS[0]!, REGIONS[1]!);
        const targets = [
          {
            client: home,
            KeyId: single.KeyId,
            key: new ModelKey(REGIONS[0]!, false),
            region: REGIONS[0]!,
          },
          { client: home, KeyId, key: family, region: REGIONS[0]! },
          { client: away, KeyId, key: family, region: REGIONS[1]! },
        ];
        const hours = when === 'before' ? LATE - 1 : LATE;
        world.clock.advance(hours * HOUR);
        model.hour = hours;
        const cases = fc.tuple(fc.nat(2), policy, fc.nat(11));
        await fc.assert(
          fc.asyncProperty(cases, async ([target, statements, choice]) => {
            const { client, KeyId: id, key, region } = targets[target]!;
            const Policy = written(statements, choice);
            const answer = await client.send(new PutKeyPolicyCommand({ KeyId: id, Policy })).then(
              () => undefined,
              (error: unknown) => (error as Error).name,
            );
            expect(answer).toBe(model.putPolicy(key, region, statements));
          }),
          { ...RUNS, numRuns: SLOW ? 5000 : 150 },
        );
      } finally {
        home.destroy();
        away.destroy();
        await world.close();
      }
    },
    300_000,
  );
});
