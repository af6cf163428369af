import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type Kms } from '../../src/testing/kms/index';
import { clientOf, createKey, CREDENTIALS } from '../support/kms-key';
import { ProjectFolder } from '../support/project-folder';
import { describeWithPulumi, PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(300_000);

const PACK = join(__dirname, '..', '..', 'policy-pack');

describeWithPulumi('when the real engine runs the policy pack', () => {
  let kms: Kms;
  let keyId: string;
  let project: ProjectFolder;
  let args: Record<string, unknown>;

  beforeAll(async () => {
    kms = await startKms();
    const client = clientOf(kms);
    keyId = await createKey(client);
    client.destroy();
    project = new ProjectFolder();
    args = { keyId, material: { file: project.write('material.bin', randomBytes(32)) } };
  });

  afterAll(async () => {
    project.remove();
    await kms.close();
  });

  let stacks = 0;

  /** A new stack whose runs are reviewed by the pack, at the levels of a preset. */
  function reviewed(config?: string): Promise<PulumiCli> {
    stacks += 1;
    return PulumiCli.create({
      projectDir: project.programFolder,
      folder: join(project.engineFolder, String(stacks)),
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: 'eu-west-1',
      },
      policyPack: { path: PACK, ...(config === undefined ? {} : { config }) },
    });
  }

  it('a bad program is blocked at preview, and a good one passes', async () => {
    const stack = await reviewed(join(PACK, 'strict.json'));
    project.declare({ root: { args: { ...args, wrappingKeySpec: 'RSA_2048' } } });
    kms.clearCalls();
    const bad = await stack.preview();
    expect(bad.ok).toBe(false);
    expect(bad.output).toMatch(/\[mandatory\].*byok-wrapping-strength/);
    expect(bad.output).toMatch(/\[mandatory\].*byok-protect/);
    expect(kms.calls).toHaveLength(0);

    const good = { ...args, validFor: '90d' };
    project.declare({ root: { args: good, opts: { protect: true } } });
    const passed = await stack.preview();
    expect(passed.output).not.toContain('byok-');
    expect(passed.ok).toBe(true);
  });

  it('baseline lets pass what regulated blocks', async () => {
    project.declare({ root: { args } });
    const baseline = await (await reviewed()).preview();
    expect(baseline.output).not.toContain('byok-');
    expect(baseline.ok).toBe(true);

    const regulated = await (await reviewed(join(PACK, 'regulated.json'))).preview();
    expect(regulated.ok).toBe(false);
    for (const rule of ['byok-allowed-sources', 'byok-material-expires', 'byok-protect']) {
      expect(regulated.output).toContain(rule);
    }
  });

  it('baseline replaces weak wrapping before the import', async () => {
    project.declare({
      root: {
        args: { ...args, wrappingKeySpec: 'RSA_2048', wrappingAlgorithm: 'RSAES_OAEP_SHA_1' },
      },
    });
    const stack = await reviewed();
    expect((await stack.up()).ok).toBe(true);
    const { resources } = (await stack.exportState()).deployment;
    const root = resources.find(({ urn }) => String(urn).endsWith('::root'))!;
    expect(root.outputs).toMatchObject({
      importReceipt: { wrappingKeySpec: 'RSA_4096', wrappingAlgorithm: 'RSAES_OAEP_SHA_256' },
    });
    expect((await stack.destroy()).ok).toBe(true);
  });

  it('a setting that is not valid is refused before anything runs', async () => {
    const file = join(project.engineFolder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ 'byok-maximum-validity': { maximum: 'a month' } }));
    project.declare({ root: { args } });
    const run = await (await reviewed(file)).preview();
    expect(run.ok).toBe(false);
    expect(run.output).toContain('byok-maximum-validity');
  });
});
