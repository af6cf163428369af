import { startKms, type EmbeddedKms } from 'embedded-kms';
import { ProjectFolder, type Declared } from '../support/project-folder';
import { differences } from './differences';
import { makeStack, type Report } from './engines';
import { Copy, Watch } from './kills';
import { Stage, type Point } from './recording';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios/index';
import { Size } from './size';
import { World } from './world';

jest.setTimeout(900_000);

// Clients give up on a call after half a minute, and then retry.
const PATIENCE = 120_000;

const OPERATIONS = ['create', 'update', 'rotation', 'delete'] as const;
const scenariosOf = (operation: Scenario['operation']) =>
  SCENARIOS.filter((scenario) => scenario.operation === operation);

// One scenario of each operation and those that need real processes, and with SLOW=1 all. What is deleted is deleted behind all else, and so in
// a program of its own.
const some = (operation: Scenario['operation']): readonly Scenario[] =>
  scenariosOf(operation).filter(
    ({ isAlwaysKilled }, index) =>
      index === 0 || isAlwaysKilled === true || process.env.SLOW !== undefined,
  );
const PROGRAMS: readonly (readonly [string, readonly Scenario[]])[] =
  process.env.SLOW === undefined
    ? [
        [
          'create, update and rotation',
          [...some('create'), ...some('update'), ...some('rotation')],
        ],
        ['delete', some('delete')],
      ]
    : OPERATIONS.map((operation) => [operation, some(operation)]);

let stage: Stage;
let kms: EmbeddedKms;
let offset = 0;
let records: ReadonlyMap<Scenario, readonly Point[]>;
const watch = new Watch();

const now = (): Date => new Date(Date.now() + offset);
const advance = (milliseconds: number): void => {
  offset += milliseconds;
};

beforeAll(async () => {
  stage = await Stage.open();
  const recorded = new Map<Scenario, readonly Point[]>();
  for (const scenario of PROGRAMS.flatMap(([, scenarios]) => scenarios)) {
    recorded.set(scenario, (await stage.record(scenario)).points);
  }
  records = recorded;
  kms = await startKms({ clock: { now }, rotationSeconds: 1, onCall: watch.onCall });
});

afterAll(async () => {
  await stage.kms.close();
  await kms.close();
});

/** All points of some scenarios, as copies in one program, whose provider processes die at once. */
async function killAtEveryPoint(scenarios: readonly Scenario[]): Promise<string[]> {
  const project = new ProjectFolder();
  const stack = await makeStack(project, kms);
  const copies = await Promise.all(
    scenarios.flatMap((scenario, number) => {
      const record = records.get(scenario)!;
      return [undefined, ...record].map(async (point, index) => {
        const world = new World(kms, now, advance);
        await scenario.setUp(world);
        return new Copy(`s${number}p${index}`, scenario, world, point, record);
      });
    }),
  );
  const declare = (programOf: (scenario: Scenario) => (world: World) => Declared): void => {
    const all = copies.map((copy) => copy.declared(programOf(copy.scenario)));
    const explicit = { explicit: { class: 'KmsByokProvider', args: { endpoint: kms.url } } };
    project.declare(Object.assign(explicit, ...all) as Declared);
  };
  const succeed = async (run: Promise<Report>, what: string): Promise<Report> => {
    const report = await run;
    if (!report.ok) throw new Error(`${what} failed: ${report.said}`);
    return report;
  };

  const most = (lengthOf: (scenario: Scenario) => number | undefined): number =>
    Math.max(...scenarios.map((scenario) => lengthOf(scenario) ?? 0));
  // Scenarios with fewer programs stay at their last.
  const last = (scenario: Scenario, step: number) =>
    scenario.before?.[step] ?? scenario.before?.at(-1);
  for (let step = 0; step < most(({ before }) => before?.length); step += 1) {
    declare((scenario) => last(scenario, step) ?? (() => ({})));
    await succeed(stack.up(), `program ${step} before`);
  }
  for (let step = 0; step < most(({ between }) => between?.length); step += 1) {
    await Promise.all(
      copies.map(({ scenario, world }) => scenario.between?.[step]?.(world) ?? Promise.resolve()),
    );
    await succeed(stack.refresh(), 'the refresh before');
  }

  declare((scenario) => scenario.after);
  watch.begin(copies);
  const interrupted = stack.up();
  await Promise.race([watch.allThere(PATIENCE), interrupted]);
  const wrong = copies
    .filter(({ isThere }) => !isThere)
    .map((copy) => `${titleOf(copy)}: did not come there, with ${copy.operations.join(', ')}`);
  stack.kill();
  const first = await interrupted;
  watch.end();
  await Promise.all(copies.map((copy) => copy.endMeanwhile()));
  if (first.ok) wrong.push('the run that was killed says that it succeeded');

  if (scenarios.some(({ refreshed }) => refreshed)) await succeed(stack.refresh(), 'the refresh');
  await succeed(stack.up(), 'the update after the kill');
  // A refresh shows how a rotation changed the material of other resources.
  await succeed(stack.refresh(), 'the last refresh');
  kms.clearCalls();
  const further = await succeed(stack.up(), 'the further update');
  const changed = Object.keys(further.summary).filter((operation) => operation !== 'same');
  if (changed.length > 0) wrong.push(`a further update: ${changed.join()}`);
  if (kms.calls.length > 0) wrong.push('a further update calls KMS');
  const outputs = await stack.exportOutputs();
  for (const copy of copies) {
    const own = [...outputs].flatMap(([name, outs]) =>
      name.startsWith(`${copy.name}-`) ? [[name.slice(copy.name.length + 1), outs] as const] : [],
    );
    const { scenario, world, stopsBehindImport } = copy;
    const found = await differences(scenario, world, new Map(own), stopsBehindImport);
    wrong.push(...found.map((what) => `${titleOf(copy)}: ${what}`));
    world.close();
  }
  project.remove();
  return wrong;
}

function titleOf({ scenario, point }: Copy): string {
  const where =
    point === undefined ? 'at no point' : `${point.phase} call ${point.index} ${point.operation}`;
  return `${scenario.title}, ${where}`;
}

describe('when the provider process is killed before or after a call', () => {
  const size = new Size('the provider process is killed');

  afterAll(() => {
    size.print();
  });

  it.each(PROGRAMS)('%s: the next update ends as declared', async (_title, scenarios) => {
    for (const scenario of scenarios) {
      size.add(scenario.operation, records.get(scenario)!.length);
    }
    expect(await killAtEveryPoint(scenarios)).toEqual([]);
  });
});
