import { withoutJitter } from '../support/without-jitter';
import { Stage, type Point, type Recording } from './recording';
import { repair } from './repair';
import type { Scenario } from './scenario';
import { Size } from './size';

/** Returns everything that is wrong in the end. Empty if the death did no harm. */
async function abandon(stage: Stage, recording: Recording, point: Point): Promise<string[]> {
  const { scenario, world } = recording;
  const stack = recording.start();
  const died = stage.death.at(point).then(() => 'died');
  const run = stack.up(scenario.after(world)).then(() => 'ended');
  if ((await Promise.race([run, died])) !== 'died') return ['the provider did not come there'];
  return repair(stage, recording, stack, { point, hasFailed: true });
}

/** Declares the tests in which a provider ends at every point of each scenario. */
export function describeDeaths(scenarios: readonly Scenario[]): void {
  jest.setTimeout(600_000);
  withoutJitter();
  let stage: Stage;
  const size = new Size('a provider ends before or after a call');

  beforeAll(async () => {
    stage = await Stage.open();
  });

  afterAll(async () => {
    size.print();
    await stage.kms.close();
  });

  describe('when a provider ends in the middle of an update, and another goes on', () => {
    it.each(scenarios.map((scenario) => [scenario.operation, scenario.title, scenario] as const))(
      '%s (%s): the next update ends as declared',
      async (operation, _title, scenario) => {
        const recording = await stage.record(scenario);
        const wrong: string[] = [];
        for (const point of recording.points) {
          const found = await abandon(stage, recording, point).catch((error: unknown) => [
            `not repaired: ${String((error as Error).stack)}`,
          ]);
          const where = `${point.phase} call ${point.index} ${point.operation}`;
          wrong.push(...found.map((what) => `${where}: ${what}`));
        }
        size.add(operation, recording.points.length);
        expect(recording.points.length).toBeGreaterThan(1);
        expect(wrong).toEqual([]);
        recording.world.close();
      },
    );
  });
}
