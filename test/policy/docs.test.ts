import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS, type PresetName } from '../../src/policy/presets';
import { RULES } from '../../src/policy/registry';
import { presetFile, rulesPage } from './rules-page';

const ROOT = join(__dirname, '..', '..');

/** Compares a generated file, or writes it where UPDATE_DOCS is set. */
function expectFile(path: string, content: string): void {
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(join(ROOT, path), content);
  expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content);
}

describe('when the files that are made of the rules are compared with them', () => {
  it('the reference says of each rule what the registry says', () => {
    expectFile('docs/reference/rules.md', rulesPage());
  });

  it.each(Object.keys(PRESETS) as PresetName[])(
    'the configuration file of %s is the preset',
    (name) => {
      expectFile(`policy-pack/${name}.json`, presetFile(name));
    },
  );

  it('a rule is named for its file, and registered', () => {
    for (const { id } of RULES) {
      const file = readFileSync(
        join(ROOT, 'src', 'policy', 'rules', `${id.replace(/^byok-/, '')}.ts`),
        'utf8',
      );
      expect(file).toContain(`id: '${id}'`);
    }
  });
});
