import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';
import { available, type Engine } from '../support/imported-key-life';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';

jest.setTimeout(600_000);

const FAR = 'us-east-1';
const SHRED = `shredOnDestroy: true, deleteUnlessUsedWithin: '30d',`;

let clock: ManualClock;
let kms: EmbeddedKms;
let project: AwsProgram;
let near: KMSClient;
let far: KMSClient;
let engine: Engine;
let keyId: string;

const declare = (args: string): void => {
  project.program(`
    const key = new byok.ImportedKey('root', {
      materials: [{ file: '1.bin' }], deletionWindowInDays: 7, ${args}
    }, { protect: false });
    exports.keyId = key.keyId;`);
};
const must = async (operation: 'up' | 'destroy'): Promise<void> => {
  kms.clearCalls();
  const run = await engine[operation]();
  expect(run.ok ? '' : run.text).toBe('');
};
const calls = (): string[] => kms.calls.map(({ operation }) => operation);
const materialsIn = async (client: KMSClient): Promise<unknown[]> =>
  (await materialsOf(client, keyId)).map(({ ImportState }) => ImportState);
const keyState = async (client: KMSClient): Promise<string | undefined> =>
  (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState;

/** Makes the key, and lets the time pass in which KMS need not show a use. */
async function make(args: string): Promise<void> {
  declare(args);
  await must('up');
  ({ keyId } = (await engine.outputs()) as { keyId: string });
  project.passDays(1);
}

beforeEach(async () => {
  clock = new ManualClock();
  kms = await startKms({ clock, usageLagSeconds: 0, replicationSeconds: 0 });
  near = clientOf(kms, REGION);
  far = clientOf(kms, FAR);
  project = new AwsProgram(kms, clock);
  project.write('1.bin', randomBytes(32));
  engine = await available(project);
});

afterEach(async () => {
  near.destroy();
  far.destroy();
  project.remove();
  await kms.close();
});

describe('when a guarded ImportedKey with shredOnDestroy is destroyed', () => {
  it('neither material nor key is deleted while the key is in use, and both are after the time', async () => {
    await make(SHRED);
    expect(await works(near, keyId)).toBe(true);
    const refused = await engine.destroy();
    expect(refused.ok).toBe(false);
    expect(refused.text).toContain('[MATERIAL_IN_USE]');
    expect(refused.text).toMatch(/Decrypt, CloudTrail event [0-9a-f-]{36}/);
    expect(await keyState(near)).toBe('Enabled');
    expect(await materialsIn(near)).toEqual(['IMPORTED']);
    project.passDays(31);
    await must('destroy');
    expect(await materialsIn(near)).toEqual(['PENDING_IMPORT']);
    expect(await keyState(near)).toBe('PendingDeletion');
  });

  it('it is destroyed in use after an update without the guard, which calls nothing', async () => {
    await make(SHRED);
    expect(await works(near, keyId)).toBe(true);
    declare('shredOnDestroy: true,');
    await must('up');
    expect(calls()).toEqual([]);
    await must('destroy');
    expect(calls()).not.toContain('GetKeyLastUsage');
    expect(await materialsIn(near)).toEqual(['PENDING_IMPORT']);
  });

  it('each Region has its own answer', async () => {
    await make(`${SHRED} replicas: [{ region: '${FAR}' }],`);
    expect(await works(far, keyId)).toBe(true);
    const refused = await engine.destroy();
    expect(refused.text).toContain('[MATERIAL_IN_USE]');
    expect(refused.text).toMatch(new RegExp(`${FAR}:\\d+:key/mrk-\\S+ was last used`));
    expect(await materialsIn(far)).toEqual(['IMPORTED']);
    expect(await keyState(far)).toBe('Enabled');
  });

  it('a preview refuses to replace the key while it is in use, before anything is created', async () => {
    await make(SHRED);
    expect(await works(near, keyId)).toBe(true);
    declare(`${SHRED} keySpec: 'HMAC_256',`);
    kms.clearCalls();
    const preview = await engine.preview();
    expect(preview.ok).toBe(false);
    expect(preview.text).toContain('[MATERIAL_IN_USE]');
    expect(calls()).not.toContain('CreateKey');
  });
});

describe('when a guarded ImportedKey keeps its material until the end of the deletion window', () => {
  it('it is destroyed in use, with its material and without a question', async () => {
    await make(`deleteUnlessUsedWithin: '30d',`);
    expect(await works(near, keyId)).toBe(true);
    await must('destroy');
    expect(calls()).not.toContain('GetKeyLastUsage');
    expect(await materialsIn(near)).toEqual(['IMPORTED']);
    expect(await keyState(near)).toBe('PendingDeletion');
  });
});
