import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram } from '../support/aws-program';
import { available, offline } from '../support/imported-key-life';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';

jest.setTimeout(600_000);

let clock: ManualClock;
let kms: EmbeddedKms;
let project: AwsProgram;
let client: KMSClient;

beforeEach(async () => {
  clock = new ManualClock();
  kms = await startKms({ clock });
  client = clientOf(kms);
  project = new AwsProgram(kms, clock);
  project.write('material.bin', randomBytes(32));
});

afterEach(async () => {
  client.destroy();
  project.remove();
  await kms.close();
});

describe('when the aws provider sees the expiry of a key whose material something else imported', () => {
  it('an update fails without ignoreChanges, and leaves the key as it is with them', async () => {
    const engine = await available(project);
    project.program(`
      for (const [name, opts] of Object.entries({
        bare: {}, kept: { ignoreChanges: ['validTo', 'enabled', 'keyMaterialBase64'] },
      })) {
        const key = new aws.kms.ExternalKey(name, {}, opts);
        new byok.ImportedKeyMaterial(name, {
          keyId: key.arn, material: { file: 'material.bin' }, validFor: '90d', renewBefore: '30d',
        });
        exports[name] = key.id;
      }`);
    const created = await engine.up();
    expect(created.ok ? '' : created.text).toBe('');
    const { bare, kept } = (await engine.outputs()) as { bare: string; kept: string };
    expect((await engine.refresh()).ok).toBe(true);
    kms.clearCalls();
    const update = await engine.up();
    expect(update.ok).toBe(false);
    // The real provider sends empty material, which is too short.
    expect(update.text).toMatch(/updating KMS External Key .*Exception/);
    const imports = kms.calls.filter(({ operation }) => operation === 'ImportKeyMaterial');
    expect(new Set(imports.map(({ keyId }) => keyId))).toEqual(new Set([bare]));
    expect(await works(client, kept)).toBe(true);
  });
});

describe('when an ImportedKey is to be disabled from the start', () => {
  it('it is after a refresh and another update, and stays so when its material is renewed', async () => {
    const engine = await offline(project);
    project.program(`
      const key = new byok.ImportedKey('root', {
        materials: [{ file: 'material.bin' }], enabled: false, validFor: '90d', renewBefore: '30d',
      });
      exports.keyId = key.keyId;`);
    const must = async (operation: 'up' | 'refresh'): Promise<void> => {
      const run = await engine[operation]();
      expect(run.ok ? '' : run.text).toBe('');
    };
    const state = async (): Promise<string | undefined> => {
      const { keyId } = (await engine.outputs()) as { keyId: string };
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
      return KeyMetadata?.KeyState;
    };
    await must('up');
    expect(await state()).toBe('Enabled');
    await must('refresh');
    await must('up');
    expect(await state()).toBe('Disabled');
    project.passDays(61);
    kms.clearCalls();
    await must('up');
    expect(kms.calls.map(({ operation }) => operation)).toContain('ImportKeyMaterial');
    expect(await state()).toBe('Disabled');
  });
});
