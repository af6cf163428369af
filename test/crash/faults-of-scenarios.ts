import { ByokError } from '../../src/errors';
import type { Fault } from 'embedded-kms';
import { withoutJitter } from '../support/without-jitter';
import { LISTED_ERRORS } from './listed-errors';
import { Stage, type Point, type Recording } from './recording';
import { repair } from './repair';
import type { Scenario } from './scenario';
import { Size } from './size';

const EVERY_CALL = process.env.SLOW !== undefined;
// The clients of KMS give up after this many attempts.
const ALWAYS = 6;

/** A fault in one call. */
interface Interruption {
  readonly title: string;
  readonly fault: Fault;
  /** How many attempts in a row fail. */
  readonly times: number;
}

const CUT: Interruption = { title: 'the connection cut', fault: { kind: 'cut' }, times: ALWAYS };
const ON_THE_WAY: readonly Interruption[] = [
  { title: 'its response lost', fault: { kind: 'lose-response' }, times: 1 },
  { title: 'every response lost', fault: { kind: 'lose-response' }, times: ALWAYS },
  { title: 'throttled', fault: { kind: 'throttle' }, times: 2 },
  CUT,
];

// To a client, the lost response of a read is a cut connection.
const READ = /^(Describe|List)/;

function interruptionsOf(operation: string, isFirst: boolean): readonly Interruption[] {
  const errors = LISTED_ERRORS[operation];
  if (errors === undefined) throw new Error(`no errors are listed for ${operation}`);
  const answered = errors.map(({ type, status }) => ({
    title: `answered by ${type}`,
    fault: { kind: 'error', type, status } as const,
    times: status >= 500 ? ALWAYS : 1,
  }));
  if (isFirst || EVERY_CALL) return [...ON_THE_WAY, ...answered];
  return READ.test(operation) ? [CUT] : ON_THE_WAY;
}

/** Returns everything that is wrong in the end. Empty if the interruption did no harm. */
async function interrupt(
  stage: Stage,
  recording: Recording,
  point: Point,
  { fault, times }: Interruption,
): Promise<string[]> {
  const { kms } = stage;
  const { scenario, world, points } = recording;
  const stack = recording.start();
  const { operation } = point;
  const same = points.filter((other) => other.operation === operation && other.phase === 'before');
  const call = same.findIndex(({ index }) => index === point.index) + 1;
  kms.inject({ operation, call, times, fault });
  kms.clearCalls();
  const failure = await stack.up(scenario.after(world)).then(() => undefined, asError);
  const wasHit = kms.calls.some(({ outcome }) => outcome !== 'ok');
  kms.clearFaults();
  const found: string[] = [];
  if (!wasHit) found.push('the fault hit no call');
  if (failure !== undefined && !(failure instanceof ByokError)) found.push(String(failure.stack));
  const isForgotten = scenario.operation === 'delete' && isNotFound(fault);
  const hasFailed = failure !== undefined;
  return [...found, ...(await repair(stage, recording, stack, { point, hasFailed, isForgotten }))];
}

const asError = (error: unknown): Error => error as Error;
const isNotFound = (fault: Fault): boolean =>
  fault.kind === 'error' && fault.type === 'NotFoundException';

/** Declares the tests in which each call of each scenario goes wrong in every way. */
export function describeFaults(scenarios: readonly Scenario[]): void {
  jest.setTimeout(600_000);
  withoutJitter();
  let stage: Stage;
  const size = new Size('a call goes wrong');

  beforeAll(async () => {
    stage = await Stage.open();
  });

  afterAll(async () => {
    size.print();
    await stage.kms.close();
  });

  describe('when one call of an update goes wrong', () => {
    it.each(scenarios.map((scenario) => [scenario.operation, scenario.title, scenario] as const))(
      '%s (%s): the next update ends as declared',
      async (operation, _title, scenario) => {
        const recording = await stage.record(scenario);
        const seen = new Set<string>();
        const wrong: string[] = [];
        let count = 0;
        for (const point of recording.points.filter(({ phase }) => phase === 'before')) {
          const isFirst = !seen.has(point.operation);
          seen.add(point.operation);
          for (const interruption of interruptionsOf(point.operation, isFirst)) {
            const found = await interrupt(stage, recording, point, interruption).catch(
              (error: unknown) => [`not repaired: ${String(asError(error).stack)}`],
            );
            stage.kms.clearFaults();
            count += 1;
            wrong.push(
              ...found.map(
                (what) => `call ${point.index} ${point.operation}, ${interruption.title}: ${what}`,
              ),
            );
          }
        }
        size.add(operation, count);
        expect(count).toBeGreaterThan(10);
        expect(wrong).toEqual([]);
        recording.world.close();
      },
    );
  });
}
