import { randomBytes } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram } from '../support/aws-program';
import { available, offline, type Engine } from '../support/imported-key-life';
import { works } from '../../packages/embedded-kms/test/support/kms-key';

jest.setTimeout(600_000);

const THERE = '444455556666';

let kms: EmbeddedKms;
let project: AwsProgram;
let client: KMSClient;

beforeEach(async () => {
  kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
  project = new AwsProgram(kms);
  for (const number of [1, 2]) project.write(`${number}.bin`, randomBytes(32));
  const credentials = { accessKeyId: THERE, secretAccessKey: 'not-checked' };
  client = new KMSClient({ endpoint: kms.url, region: 'eu-north-1', credentials });
});

afterEach(async () => {
  client.destroy();
  project.remove();
  await kms.close();
});

/** A key in another account and Region than those of the stack. */
function write(providers: string): void {
  project.program(`
    const awsThere = new aws.Provider('aws-there', {
      region: 'eu-north-1', accessKey: '${THERE}', secretKey: 'x', endpoints: [{ kms: '${kms.url}' }],
    });
    const byokThere = new byok.KmsByokProvider('byok-there', {
      region: 'eu-north-1', endpoint: '${kms.url}', endpoints: { sts: '${kms.url}' },
      assumeRole: { roleArn: 'arn:aws:iam::${THERE}:role/keys' },
    });
    const key = new byok.ImportedKey('root', {
      materials: [{ file: '1.bin' }, { file: '2.bin' }], alias: 'app/root',
    }, { providers: [${providers}] });
    exports.keyArn = key.keyArn;`);
}

async function isMadeThere(engine: Engine): Promise<void> {
  const report = await engine.up();
  expect(report.ok ? '' : report.text).toBe('');
  const { keyArn } = (await engine.outputs()) as { keyArn: string };
  expect(keyArn).toContain(`:eu-north-1:${THERE}:`);
  expect(await works(client, keyArn)).toBe(true);
  const handled = kms.calls.filter(({ operation }) =>
    /^(Create|GetParam|Import|Rotate|ListKeyRot|DescribeKey)/.test(operation),
  );
  expect(handled.map(({ operation }) => operation)).toContain('RotateKeyOnDemand');
  expect(new Set(handled.map(({ region }) => region))).toEqual(new Set(['eu-north-1']));
  expect(Object.keys((await engine.up()).summary)).toEqual(['same']);
}

describe('when an ImportedKey is made with explicit providers', () => {
  it('both named, everything happens as they say', async () => {
    write('awsThere, byokThere');
    await isMadeThere(await available(project));
  });

  it('nothing is imported with only the aws provider, and the update continues once the other one is named', async () => {
    const engine = await offline(project);
    write('awsThere');
    const refused = await engine.up();
    expect(refused.ok).toBe(false);
    expect(refused.text).toContain('[KMS_ACCESS_DENIED]');
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('ImportKeyMaterial');
    write('awsThere, byokThere');
    await isMadeThere(engine);
    expect(kms.calls.filter(({ operation }) => operation === 'CreateKey')).toHaveLength(1);
  });
});
