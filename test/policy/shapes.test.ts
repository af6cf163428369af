import { RULES } from '../../src/policy/registry';
import { PolicyProcess, type Diagnostic } from '../support/policy-process';
import { ALL_MANDATORY } from './preset-config';
import { resourcesOf } from './program';
import * as access from './shapes/access';
import * as expiry from './shapes/expiry';
import * as key from './shapes/key';
import * as material from './shapes/material';
import { PRELUDE, type Program, type RuleShapes } from './shapes/shape-cases';

const SHAPES: readonly RuleShapes[] = [material, expiry, key, access].flatMap((file) =>
  Object.values(file),
);

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
  await pack.configure(ALL_MANDATORY);
});

afterAll(async () => {
  await pack.stop();
});

/** Returns the findings of a rule on a program. */
async function said(rule: string, program: Program, preview: boolean): Promise<Diagnostic[]> {
  const { text, importedDaysAgo } =
    typeof program === 'string' ? { text: program, importedDaysAgo: undefined } : program;
  const example = { text: PRELUDE + text, caughtBy: [], importedDaysAgo };
  const found = await pack.review(await resourcesOf(example, preview));
  return found.filter(({ policy }) => policy === rule);
}

it('every rule is tried in at least two shapes that pass and two that fail', () => {
  expect(SHAPES.map(({ rule }) => rule).sort()).toEqual(RULES.map(({ id }) => id).sort());
  for (const { passes, fails } of SHAPES) {
    expect(Object.keys(passes).length).toBeGreaterThanOrEqual(2);
    expect(Object.keys(fails).length).toBeGreaterThanOrEqual(2);
  }
});

describe.each(SHAPES)('when $rule meets the programs of others', ({ rule, passes, fails }) => {
  it.each(Object.entries(passes))('it passes where %s', async (_title, program) => {
    expect(await said(rule, program, false)).toEqual([]);
    // A preview may say that it cannot tell yet.
    const inPreview = await said(rule, program, true);
    expect(inPreview.filter(({ undecided }) => !undecided)).toEqual([]);
  });

  it.each(Object.entries(fails))('it fails where %s', async (_title, [program, on]) => {
    const after = await said(rule, program, false);
    expect(after.map(({ resource, level }) => [resource, level])).toEqual(
      on.map((name) => [name, 'mandatory']),
    );
    const inPreview = await said(rule, program, true);
    if (rule === 'byok-material-age') return;
    // A preview never says less than that it cannot tell.
    expect(inPreview.map(({ resource, undecided }) => undecided || resource)).toEqual(
      inPreview.some(({ undecided }) => undecided) ? [true] : on,
    );
  });
});
