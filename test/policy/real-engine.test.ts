import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choiceOf, PRESETS, type PresetName } from '../../src/policy/presets';
import { RULES } from '../../src/policy/registry';
import type { RuleId } from '../../src/policy/rule-settings';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram } from '../support/aws-program';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import type { PackConfig } from '../support/policy-process';
import { type PolicyFinding, type PulumiCli } from '../support/pulumi-cli';
import { ALL_MANDATORY, mandatoryForExample, TRANSPORT } from './preset-config';
import { readExample, transpiled } from './program';

jest.setTimeout(300_000);

const PACK = join(__dirname, '..', '..', 'policy-pack');
const IDS = RULES.map(({ id }) => id);
// How old material is can only be known after it was imported: examples.test.ts.
const KNOWN_IN_A_PREVIEW = IDS.filter((id) => id !== 'byok-material-age');

describeWithPulumi('when the real engine runs the policy pack', () => {
  let kms: EmbeddedKms;
  let project: AwsProgram;
  let stack: PulumiCli;
  let mandatory: string;
  let withTransport: string;

  beforeAll(async () => {
    kms = await startKms();
    project = new AwsProgram(kms);
    stack = await project.real(
      { 'life:rootKey': randomBytes(32).toString('base64') },
      { ROOT_KEY: randomBytes(32).toString('base64') },
    );
    const write = (name: string, config: PackConfig): string => {
      const file = join(project.engineFolder, name);
      writeFileSync(file, JSON.stringify(config));
      return file;
    };
    mandatory = write('mandatory.json', mandatoryForExample('byok-protect'));
    withTransport = write('with-transport.json', ALL_MANDATORY);
  });

  afterAll(async () => {
    project.remove();
    await kms.close();
  });

  /** The programs of all rules as one, in which the names of resources begin with that of the rule. */
  function programs(kind: 'fails' | 'passes', ids: readonly string[]): void {
    const files = ids.map((id) => {
      const { text } = readExample(id, kind);
      const named = text.replace(/'root-key(?=[-'])/g, `'${id}/root-key`);
      return project.write(`${id}.js`, transpiled(named));
    });
    project.program(files.map((file) => `require('./${file}');`).join('\n'));
  }

  const reviewedBy = (config: string): PulumiCli => stack.reviewedBy({ path: PACK, config });

  const programOf = ({ urn }: PolicyFinding): string => urn.split('::').at(-1)!.split('/')[0]!;

  it('every bad program is blocked at preview by the rules it names, on its own resources', async () => {
    programs('fails', KNOWN_IN_A_PREVIEW);
    kms.clearCalls();
    const { ok, policies } = await reviewedBy(mandatory).preview();
    expect(ok).toBe(false);
    expect(policies.filter(({ level }) => level !== 'mandatory')).toEqual([]);
    const found = Object.fromEntries(
      KNOWN_IN_A_PREVIEW.map((id) => [
        id,
        [
          ...new Set(policies.filter((each) => programOf(each) === id).map(({ policy }) => policy)),
        ].sort(),
      ]),
    );
    expect(found).toEqual(
      Object.fromEntries(
        KNOWN_IN_A_PREVIEW.map((id) => [
          id,
          id === TRANSPORT ? [] : [...readExample(id, 'fails').caughtBy].sort(),
        ]),
      ),
    );
    expect(policies.filter((each) => !KNOWN_IN_A_PREVIEW.includes(programOf(each)))).toEqual([]);
    expect(kms.calls).toEqual([]);
  });

  it('every good program passes all rules', async () => {
    programs('passes', IDS);
    const { ok, policies, output } = await reviewedBy(mandatory).preview();
    expect(policies).toEqual([]);
    if (!ok) throw new Error(output);
  });

  it('the rule about the transport sees the connection and the explicit provider', async () => {
    programs('fails', [TRANSPORT]);
    const failed = await reviewedBy(withTransport).preview();
    expect(failed.policies.map(({ policy }) => policy)).toEqual([TRANSPORT]);
    programs('passes', [TRANSPORT]);
    const { ok, policies, output } = await reviewedBy(withTransport).preview();
    expect(policies).toEqual([]);
    if (!ok) throw new Error(output);
  });

  it.each(Object.keys(PRESETS) as PresetName[])(
    '%s blocks and advises as it is documented',
    async (preset) => {
      programs('fails', KNOWN_IN_A_PREVIEW);
      const { ok, policies } = await reviewedBy(join(PACK, `${preset}.json`)).preview();
      expect(ok).toBe(false);
      const found = KNOWN_IN_A_PREVIEW.map((id) => {
        const own = policies.filter((each) => each.policy === id && programOf(each) === id);
        return [id, ...new Set(own.map(({ level }) => level))];
      });
      expect(found).toEqual(
        KNOWN_IN_A_PREVIEW.map((id) => {
          const { level } = choiceOf(preset, id as RuleId);
          // A remediated property is no longer a violation.
          return level === 'disabled' || level === 'remediate' ? [id] : [id, level];
        }),
      );
    },
  );

  it('baseline replaces weak wrapping before the import', async () => {
    const client = clientOf(kms);
    const keyId = await createKey(client);
    client.destroy();
    const file = project.write('material.bin', randomBytes(32));
    project.program(`
      new byok.ImportedKeyMaterial('root', {
        keyId: '${keyId}', material: { file: '${file}' },
        wrappingKeySpec: 'RSA_2048', wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
      });`);
    expect((await stack.reviewedBy({ path: PACK }).up()).ok).toBe(true);
    const { resources } = (await stack.exportState()).deployment;
    const root = resources.find(({ urn }) => String(urn).endsWith('::root'))!;
    expect(root.outputs).toMatchObject({
      importReceipt: { wrappingKeySpec: 'RSA_4096', wrappingAlgorithm: 'RSAES_OAEP_SHA_256' },
    });
  });

  it('a setting that is not valid is refused before anything runs', async () => {
    const file = join(project.engineFolder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ 'byok-maximum-validity': { maximum: 'a month' } }));
    project.program('');
    const run = await reviewedBy(file).preview();
    expect(run.ok).toBe(false);
    expect(run.output).toContain('byok-maximum-validity');
  });

  it.each([
    ['a rule', { 'byok-expiration-alarn': 'mandatory' }, 'byok-expiration-alarm'],
    ['a setting', { 'byok-protect': { enforcementLevel: 'mandatory', key: true } }, 'keys'],
    [
      'a setting of a disabled rule',
      { 'byok-maximum-validity': { enforcementLevel: 'disabled', maxmum: '9d' } },
      'maximum',
    ],
  ])(
    'a misspelt name of %s is refused with the nearest, and no stack trace',
    async (_title, config, nearest) => {
      const file = join(project.engineFolder, 'misspelt.json');
      writeFileSync(file, JSON.stringify(config));
      project.program('');
      const { ok, output } = await reviewedBy(file).preview();
      expect(ok).toBe(false);
      expect(output).toMatch(new RegExp(`the nearest is ${nearest}\\b`));
      expect(output).toContain('[POLICY_CONFIG]');
      expect(output).not.toMatch(/^\s+at /m);
    },
  );

  it('a level for all rules is no name of a rule', async () => {
    const file = join(project.engineFolder, 'all.json');
    writeFileSync(file, JSON.stringify({ all: 'advisory' }));
    project.program("new aws.kms.ExternalKey('open', {});");
    const { ok, policies } = await reviewedBy(file).preview();
    expect(ok).toBe(true);
    expect(policies.map(({ level }) => level)).toContain('advisory');
  });
});
