import fc from 'fast-check';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';
import { clientOf } from '../../packages/embedded-kms/test/support/kms-key';
import { EditedKey, KINDS } from './edited-key';

/** Output of a run: the operation on each resource that does not stay the same, and the resources that fail. */
export interface Said {
  readonly ok: boolean;
  /** Operation, type and name. */
  readonly does: readonly string[];
  /** The names of the resources that failed. */
  readonly failed: readonly string[];
  /** The codes of what was refused, each once. */
  readonly refuses: readonly string[];
}

/** An engine that previews and updates the program. */
export interface PreviewedStack {
  preview(): Promise<Said>;
  up(): Promise<Said>;
  refresh(): Promise<unknown>;
}

/** The codes of what was refused, each once. */
export const codesIn = (text: string): string[] =>
  [...new Set(Array.from(text.matchAll(/\[([A-Z]+_[A-Z_]+)\]/g), ([, code]) => code!))].sort();

/** Programs of one stack, because processes take most of the time. They share nothing but the clock. */
export const PROGRAMS = 5;

/**
 * Programs of one key each, their edits, and those of the world around them.
 *
 * @param most - edits of a program
 */
export const programs = (most: number) =>
  fc.array(
    fc.record({
      first: fc.integer({ min: 1, max: 2 }),
      edits: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat({ max: 5 }) }), {
        minLength: 1,
        maxLength: most,
      }),
    }),
    { minLength: PROGRAMS, maxLength: PROGRAMS },
  );

type Programs = ReturnType<typeof programs> extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * Runs edits of several `ImportedKey`s, and compares after each round of edits what a preview says with what the
 * following update does. An engine ends with the first refusal, so the keys are declared one after the other:
 * what comes before the refused key is compared as well, and what comes after it is edited in the next round.
 *
 * @param previewsFirst - whether the first programs, which have no keys yet, are previewed as well
 * @returns one line for each difference
 */
export async function differences(
  list: Programs,
  previewsFirst: boolean,
  open: (project: AwsProgram) => Promise<PreviewedStack>,
): Promise<string[]> {
  const clock = new ManualClock();
  const kms = await startKms({ clock, replicationSeconds: 0, rotationSeconds: 0 });
  const client = clientOf(kms, REGION);
  const project = new AwsProgram(kms, clock);
  try {
    const stack = await open(project);
    const keys = list.map(
      ({ first, edits }, index) => new EditedKey(`k${index}`, { project, client, first, edits }),
    );
    declare(project, keys);
    const planned = previewsFirst ? await stack.preview() : undefined;
    const made = await stack.up();
    const found = planned === undefined ? [] : differencesOf(keys, planned, made);
    if (!made.ok) found.push(`the first programs failed: ${made.refuses.join()}`);
    while (found.length === 0 && keys.some(({ isEdited }) => isEdited)) {
      found.push(...(await round(keys, { project, stack, kms })));
    }
    return found;
  } finally {
    client.destroy();
    project.remove();
    await kms.close();
  }
}

interface Surroundings {
  readonly project: AwsProgram;
  readonly stack: PreviewedStack;
  readonly kms: EmbeddedKms;
}

// The next edit of each key, if there is one.
async function round(
  keys: readonly EditedKey[],
  { project, stack, kms }: Surroundings,
): Promise<string[]> {
  const worlds = [];
  for (const key of keys) worlds.push(await key.changeWorld());
  for (const [index, world] of worlds.entries()) {
    if (world === 'days') project.passDays(40);
    if (world !== 'break rotation') continue;
    // An update that ends between an import and its rotation.
    keys[index]?.append();
    declare(project, keys);
    kms.inject({
      operation: 'RotateKeyOnDemand',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'denied' },
    });
    await stack.up();
    kms.clearFaults();
  }
  // Without a refresh, the stack does not know about the loss.
  if (worlds.some((world) => world === 'lose' || world === 'refresh')) await stack.refresh();

  // Those that may be refused come last, so that fewer of the others wait for another round.
  const ordered = [...keys].sort((one, other) => one.riskOfRefusal - other.riskOfRefusal);
  const edits = ordered.map((key) => `${key.name} ${key.edit()}`);
  declare(project, ordered);
  const said = await stack.preview();
  const done = await stack.up();
  const refused = refusedPlace(ordered, done);
  for (const [place, key] of ordered.entries()) {
    if (place < refused) key.accept();
    else if (place === refused) key.refuse();
    else key.postpone();
  }
  return differencesOf(ordered, said, done).map((line) => `${edits.join(', ')}: ${line}`);
}

function differencesOf(keys: readonly EditedKey[], said: Said, done: Said): string[] {
  const refused = [said, done].map((run) => refusedPlace(keys, run));
  const before = keys.slice(0, Math.min(...refused)).map(({ name }) => name);
  const [left, right] = [said, done].map((run) =>
    JSON.stringify([
      run.ok ? 'succeeds' : `fails at place ${refusedPlace(keys, run)}`,
      run.refuses,
      run.does.filter((line) => before.includes(keyOf(line.split(' ').at(-1)))).sort(),
    ]),
  );
  if (left !== right) return [`preview ${left}, up ${right}`];
  return said.ok || refused[0] !== keys.length ? [] : ['a failure that is of no key'];
}

const keyOf = (name = ''): string => /^k\d+/.exec(name)?.[0] ?? '';

// Index of the first refused key, or the number of keys if none was refused.
function refusedPlace(keys: readonly EditedKey[], { failed }: Said): number {
  const places = failed.map((failure) => keys.findIndex(({ name }) => name === keyOf(failure)));
  return Math.min(keys.length, ...places.filter((place) => place >= 0));
}

function declare(project: AwsProgram, keys: readonly EditedKey[]): void {
  const declared = keys.map(({ name, args }) => ({ name, args }));
  // A component is registered when all that it depends on is, in a preview as in an update.
  project.program(`
    module.exports = async () => {
      for (const { name, args } of ${JSON.stringify(declared)}) {
        const key = new byok.ImportedKey(name, args, { protect: false });
        const end = new pulumi.ComponentResource('test:index:End', 'end-' + name, {}, { dependsOn: key });
        await new Promise((resolve) => end.urn.apply(resolve));
      }
    };`);
}
