import { ByokError } from '../../src/errors';
import type { Fault } from 'embedded-kms';
import { withoutJitter } from '../support/without-jitter';
import { LISTED_ERRORS, type ListedError } from './listed-errors';
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
const THROTTLED: Interruption = { title: 'throttled', fault: { kind: 'throttle' }, times: 2 };
const ON_THE_WAY: readonly Interruption[] = [
  { title: 'its response lost', fault: { kind: 'lose-response' }, times: 1 },
  { title: 'every response lost', fault: { kind: 'lose-response' }, times: ALWAYS },
  THROTTLED,
  CUT,
];

// To a client, the lost response of a read is a cut connection.
const READ = /^(Describe|GetKey|List)/;

/** A point of a scenario, and what happens to its call. */
type Case = readonly [Point, Interruption];

/** How often an operation was answered by an error, over all scenarios. */
const answers = new Map<string, number>();

/**
 * The cases of a scenario. With SLOW=1 these are all: each call, with all that can happen to it. Otherwise they are
 * pairs: each write fails in each way that a network has, each read is cut, the first of each operation is throttled,
 * and each error is answered once in each scenario, and once by each operation that lists it.
 */
function casesOf(points: readonly Point[]): Case[] {
  const first = points.filter(
    ({ operation }, index) => points.findIndex((one) => one.operation === operation) === index,
  );
  if (EVERY_CALL) {
    return points.flatMap((point) =>
      [...ON_THE_WAY, ...errorsOf(point).map(answeredBy)].map((how): Case => [point, how]),
    );
  }
  const onTheWay = points.flatMap((point) => {
    const ofRead = first.includes(point) ? [CUT, THROTTLED] : [CUT];
    const ways = READ.test(point.operation) ? ofRead : ON_THE_WAY;
    return ways.map((how): Case => [point, how]);
  });
  return [...onTheWay, ...answeredIn(first)];
}

/** For each error the call that was answered by it least often so far, and each call that never was. */
function answeredIn(first: readonly Point[]): Case[] {
  const types = new Set(first.flatMap(errorsOf).map(({ type }) => type));
  return [...types].flatMap((type) => {
    const listing = first.flatMap((point) =>
      errorsOf(point)
        .filter((error) => error.type === type)
        .map((error) => ({ point, error, pair: `${point.operation} ${type}` })),
    );
    const times = ({ pair }: { readonly pair: string }): number => answers.get(pair) ?? 0;
    const [rarest, ...rest] = listing.sort((one, other) => times(one) - times(other));
    return [rarest!, ...rest.filter((one) => times(one) === 0)].map((one): Case => {
      answers.set(one.pair, times(one) + 1);
      return [one.point, answeredBy(one.error)];
    });
  });
}

function errorsOf({ operation }: Point): readonly ListedError[] {
  const errors = LISTED_ERRORS[operation];
  if (errors === undefined) throw new Error(`no errors are listed for ${operation}`);
  return errors;
}

const answeredBy = ({ type, status }: ListedError): Interruption => ({
  title: `answered by ${type}`,
  fault: { kind: 'error', type, status },
  times: status >= 500 ? ALWAYS : 1,
});

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
        const wrong: string[] = [];
        const cases = casesOf(recording.points.filter(({ phase }) => phase === 'before'));
        for (const [point, interruption] of cases) {
          const found = await interrupt(stage, recording, point, interruption).catch(
            (error: unknown) => [`not repaired: ${String(asError(error).stack)}`],
          );
          stage.kms.clearFaults();
          wrong.push(
            ...found.map(
              (what) => `call ${point.index} ${point.operation}, ${interruption.title}: ${what}`,
            ),
          );
        }
        size.add(operation, cases.length);
        expect(cases.length).toBeGreaterThan(10);
        expect(wrong).toEqual([]);
        recording.world.close();
      },
    );
  });
}
