import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choiceOf, PRESETS, type PresetName } from '../../src/policy/presets';
import { RULES } from '../../src/policy/registry';
import type { RuleId } from '../../src/policy/rule-settings';
import { itUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { MISSING_FOR_HSM } from '../support/describe-with-soft-hsm';
import { PolicyProcess } from '../support/policy-process';
import { SoftHsm } from '../support/soft-hsm';
import { mandatoryForExample, presetConfig } from './preset-config';
import { adviceOn } from '../support/example';
import { readExample, resourcesOf } from './program';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
});

afterAll(async () => {
  await pack.stop();
});

/** The names of the policies that speak of a stack, other than that they cannot tell. */
async function caught(id: string, kind: 'fails' | 'passes', preview: boolean): Promise<string[]> {
  const found = await pack.review(await resourcesOf(readExample(id, kind), preview));
  return [...new Set(found.filter(({ undecided }) => !undecided).map(({ policy }) => policy))];
}

describe('when the examples are run with every rule', () => {
  it('there are two of each rule, and no others', () => {
    expect(readdirSync(join(__dirname, 'programs')).sort()).toEqual(
      RULES.map(({ id }) => id.replace(/^byok-/, '')).sort(),
    );
  });

  it.each(RULES.map(({ id }) => id))(
    'the bad program of %s is caught by the rules it names',
    async (id) => {
      await pack.configure(mandatoryForExample(id));
      const { caughtBy } = readExample(id, 'fails');
      expect(caughtBy).toContain(id);
      // How old material is can only be known after it was imported.
      const preview = id !== 'byok-material-age';
      expect((await caught(id, 'fails', preview)).sort()).toEqual([...caughtBy].sort());
      expect((await caught(id, 'fails', false)).sort()).toEqual([...caughtBy].sort());
    },
  );

  it.each(RULES.map(({ id }) => id))('the good program of %s is caught by none', async (id) => {
    await pack.configure(mandatoryForExample(id));
    expect(readExample(id, 'passes').caughtBy).toEqual([]);
    for (const preview of [true, false]) {
      expect(await pack.review(await resourcesOf(readExample(id, 'passes'), preview))).toEqual([]);
    }
  });
});

describe('when the examples of the repository are reviewed', () => {
  const EXAMPLES = join(__dirname, '..', '..', 'examples');
  // Those in YAML and Python declare the same key as the quickstart, and need the engine to run.
  const names = readdirSync(EXAMPLES).filter((name) =>
    existsSync(join(EXAMPLES, name, 'index.ts')),
  );
  // The fleet has 50, of which a busy machine reviews the last after more than a minute.
  const TENANTS = 5;
  const folder = mkdtempSync(join(tmpdir(), 'byok-examples-'));
  const before = process.cwd();
  let hsm: SoftHsm | undefined;

  beforeAll(() => {
    mkdirSync(join(folder, 'material'));
    for (const file of [
      'material.bin',
      '2026.bin',
      ...Array.from({ length: TENANTS }, (_, index) => `material/tenant-0${index + 1}.bin`),
    ]) {
      writeFileSync(join(folder, file), randomBytes(32), { mode: 0o600 });
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(join(folder, 'private-key.pem'), pem, { mode: 0o600 });
    if (MISSING_FOR_HSM === undefined) {
      hsm = new SoftHsm(['vault'], folder);
      process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
      hsm.generate('AES:32', { token: 'vault', label: 'root-2026', id: '01' });
      writeFileSync(join(folder, 'pin'), hsm.pin, { mode: 0o600 });
    }
    // The files of an example are beside it.
    process.chdir(folder);
  });

  afterAll(() => {
    process.chdir(before);
    delete process.env.SOFTHSM2_CONF;
    hsm?.remove();
    rmSync(folder, { recursive: true });
  });

  for (const name of names) {
    itUnless(name === 'hsm' ? MISSING_FOR_HSM : undefined)(`${name} passes baseline`, async () => {
      await pack.configure(presetConfig('baseline'));
      const text = readFileSync(join(EXAMPLES, name, 'index.ts'), 'utf8');
      const config = {
        'project:keyId': '1234abcd-12ab-34cd-56ef-1234567890ab',
        'project:count': String(TENANTS),
      };
      for (const preview of [true, false]) {
        const example = { text, caughtBy: [], importedDaysAgo: undefined };
        const resources = await resourcesOf(example, preview, config);
        expect(resources.length).toBeGreaterThan(0);
        const found = await pack.review(resources);
        expect(found.filter(({ level }) => level === 'mandatory')).toEqual([]);
        expect([...new Set(found.map(({ policy }) => policy))].sort()).toEqual(adviceOn(name));
      }
    });
  }
});

describe('when the bad programs are reviewed under a preset', () => {
  it.each(Object.keys(PRESETS) as PresetName[])(
    '%s speaks at the documented levels',
    async (preset) => {
      await pack.configure(presetConfig(preset));
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
