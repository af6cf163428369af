import { RULES } from '../../src/policy/registry';
import type { Rule } from '../../src/policy/rule';
import { parseSettings } from '../../src/policy/settings';
import {
  PolicyProcess,
  type Diagnostic,
  type PackConfig,
  type ShownResource,
} from '../support/policy-process';
import { CASES } from './cases';
import { bucket, natively } from './shown';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
});

afterAll(async () => {
  await pack.stop();
});

/** One rule, mandatory and with the defaults of its own, and no other. */
async function only(rule: Rule, settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const off = Object.fromEntries(
    RULES.map(({ id }) => [id, { enforcementLevel: 'disabled' as const }]),
  );
  const config: PackConfig = {
    ...off,
    [rule.id]: { enforcementLevel: 'mandatory', ...parseSettings(rule, {}), ...settings },
  };
  await pack.configure(config);
}

const violations = (found: readonly Diagnostic[]): Diagnostic[] =>
  found.filter(({ undecided }) => !undecided);

const FORMS: readonly (readonly [string, (stack: readonly ShownResource[]) => ShownResource[]])[] =
  [
    ['dynamic', (stack) => [...stack]],
    ['native', natively],
  ];

/** Texts of the resources that are long enough to be recognised in a message. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 8 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

it('a setting for all rules is refused, and a level for all is not', async () => {
  await pack.configure({ all: { enforcementLevel: 'mandatory' } });
  await expect(
    pack.configure({ all: { enforcementLevel: 'mandatory', except: ['root'] } }),
  ).rejects.toThrow(/\bexcept\b.*\[POLICY_CONFIG\]/);
});

it('every rule is tried', () => {
  expect(CASES.map(({ rule }) => rule).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

describe.each(
  RULES.flatMap((rule) =>
    FORMS.map(([form, inForm]) => [rule.sentence, form, rule, inForm] as const),
  ),
)('when the rule is: %s (%s resources)', (_sentence, _form, rule, inForm) => {
  const cases = CASES.find((each) => each.rule === rule.id)!;

  it.each(Object.entries(cases.violates))(
    'it is violated where %s',
    async (_title, [stack, on]) => {
      await only(rule);
      const found = violations(await pack.review(inForm(stack)));
      expect(found.map(({ resource }) => resource).sort()).toEqual([...on].sort());
      for (const { policy, level, message } of found) {
        expect([policy, level]).toEqual([rule.id, 'mandatory']);
        expect(message.startsWith(`${rule.sentence}\n`)).toBe(true);
        for (const text of textsOf(stack.map(({ props }) => props))) {
          expect(message).not.toContain(text);
        }
      }
    },
  );

  it.each(Object.entries(cases.passes))('it is kept where %s', async (_title, stack) => {
    await only(rule);
    expect(await pack.review(inForm(stack))).toEqual([]);
  });

  const remarks = Object.entries(cases.remarks ?? {});
  if (remarks.length > 0) {
    it.each(remarks)('it says that it cannot tell where %s', async (_title, [stack, on]) => {
      await only(rule);
      const found = await pack.review(inForm(stack));
      expect(found.map(({ resource, level }) => [resource, level]).sort()).toEqual(
        on.map((name) => [name, 'advisory']).sort(),
      );
      for (const { message, undecided } of found) {
        expect(undecided).toBe(false);
        expect(message.startsWith(`${rule.sentence}\n`)).toBe(true);
      }
    });
  }

  const undecided: [string, readonly ShownResource[]][] = Object.entries(cases.undecided);
  if (undecided.length > 0) {
    it.each(undecided)('a preview says that it cannot tell where %s', async (_title, stack) => {
      await only(rule);
      const found = await pack.review(inForm(stack));
      expect(violations(found)).toEqual([]);
      expect(found.map(({ policy, level }) => [policy, level])).toEqual([[rule.id, 'advisory']]);
    });
  }

  it.each(Object.entries(cases.configured))(
    'it follows its settings where %s',
    async (_title, [settings, stack, on]) => {
      await only(rule, settings);
      const found = violations(await pack.review(inForm(stack)));
      expect(found.map(({ resource }) => resource).sort()).toEqual([...on].sort());
    },
  );

  it('it says nothing of a resource of another type', async () => {
    await only(rule);
    expect(await pack.review([bucket])).toEqual([]);
  });

  it('a setting that it does not have is refused', async () => {
    await expect(only(rule, { colour: 'green' })).rejects.toThrow('[POLICY_CONFIG]');
  });
});
