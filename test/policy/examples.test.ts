import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { choiceOf, PRESETS, type PresetName } from '../../src/policy/presets';
import { RULES, type RuleId } from '../../src/policy/registry';
import { parseSettings } from '../../src/policy/settings';
import { PolicyProcess, type PackConfig } from '../support/policy-process';
import { readExample, resourcesOf } from './program';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
});

afterAll(async () => {
  await pack.stop();
});

const ALL_MANDATORY: PackConfig = Object.fromEntries(
  RULES.map((rule) => [rule.id, { enforcementLevel: 'mandatory', ...parseSettings(rule, {}) }]),
);

/** The names of the policies that speak of a stack, other than that they cannot tell. */
async function caught(id: string, kind: 'fails' | 'passes', preview: boolean): Promise<string[]> {
  const found = await pack.review(await resourcesOf(readExample(id, kind), preview));
  return [...new Set(found.filter(({ undecided }) => !undecided).map(({ policy }) => policy))];
}

describe('when the examples are run with every rule', () => {
  beforeAll(async () => {
    await pack.configure(ALL_MANDATORY);
  });

  it('there are two of each rule, and no others', () => {
    expect(readdirSync(join(__dirname, 'programs')).sort()).toEqual(
      RULES.map(({ id }) => id.replace(/^byok-/, '')).sort(),
    );
  });

  it.each(RULES.map(({ id }) => id))(
    'the bad program of %s is caught by the rules it names',
    async (id) => {
      const { caughtBy } = readExample(id, 'fails');
      expect(caughtBy).toContain(id);
      // How old material is can only be known after it was imported.
      const preview = id !== 'byok-material-age';
      expect((await caught(id, 'fails', preview)).sort()).toEqual([...caughtBy].sort());
      expect((await caught(id, 'fails', false)).sort()).toEqual([...caughtBy].sort());
    },
  );

  it.each(RULES.map(({ id }) => id))('the good program of %s is caught by none', async (id) => {
    expect(readExample(id, 'passes').caughtBy).toEqual([]);
    for (const preview of [true, false]) {
      expect(await pack.review(await resourcesOf(readExample(id, 'passes'), preview))).toEqual([]);
    }
  });
});

describe('when the bad programs are reviewed under a preset', () => {
  it.each(Object.keys(PRESETS) as PresetName[])(
    '%s speaks at the documented levels',
    async (preset) => {
      const config = Object.fromEntries(
        RULES.map((rule) => {
          const { level, settings } = choiceOf(preset, rule.id as RuleId);
          return [rule.id, { enforcementLevel: level, ...parseSettings(rule, settings) }];
        }),
      );
      await pack.configure(config);
      for (const { id } of RULES) {
        const resources = await resourcesOf(readExample(id, 'fails'), false);
        const own = (await pack.review(resources)).filter(({ policy }) => policy === id);
        const { level } = choiceOf(preset, id as RuleId);
        // A remediation that did not help is a violation that blocks.
        const spoken = level === 'remediate' ? 'mandatory' : level;
        expect([id, ...new Set(own.map((found) => found.level))]).toEqual(
          level === 'disabled' ? [id] : [id, spoken],
        );
      }
    },
  );
});
