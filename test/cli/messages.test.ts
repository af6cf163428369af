import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { runCli, temporaryFolder, useEmbeddedCredentials } from './run-cli';

useEmbeddedCredentials();
const inFolder = temporaryFolder();
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`;
const verify = ['verify', '--key-id', KEY_ARN];
const fingerprint = ['fingerprint', '--key-id', KEY_ARN];

let kms: EmbeddedKms;

beforeAll(async () => {
  kms = await startKms();
});

afterAll(async () => {
  await kms.close();
});

describe('when the command line refuses something', () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      'a missing file',
      [...fingerprint, '--material', 'file:material.bin'],
      /--material "material\.bin" /,
    ],
    ['a variable', [...fingerprint, '--material', 'env:ROOT_KEY'], /--material .*ROOT_KEY/],
    ['an encoding', [...fingerprint, '--material', 'env:KEY', '--encoding', 'z'], /--encoding/],
    [
      'a passphrase',
      [...fingerprint, '--material', 'env:KEY', '--passphrase', 'env:NONE'],
      /--passphrase/,
    ],
    ['no base64', [...fingerprint, '--material', 'env:KEY'], /^error: --material is not base64/],
    [
      'a Region',
      [...verify, '--material', 'env:KEY', '--region', 'us-east-1'],
      /--region .*--key-id/,
    ],
    ['a key', ['params', '--key-id', 'alias/root', '--out', 'b'], /--key-id is an alias/],
    [
      'an endpoint',
      ['params', '--key-id', KEY_ARN, '--out', 'b', '--endpoint-url', 'http://kms.example'],
      /--endpoint-url/,
    ],
  ])('%s is named by its option', async (_what, args, expected) => {
    const { code, stderr } = await runCli(args, { env: { KEY: '!' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/material\.(?!bin)|connection\.|\bkeyId\b/);
  });

  it('material in the place of a path is not repeated', async () => {
    const text = randomBytes(32).toString('base64');
    const { stderr } = await runCli([...fingerprint, '--material', `file:${text}`]);
    expect(stderr).toContain('[MATERIAL_FILE]');
    expect(stderr).not.toContain(text);
  });

  it('a ~ that no shell replaced is named', async () => {
    const said = async (path: string) =>
      (await runCli([...fingerprint, '--material', `file:${path}`])).stderr;
    expect(await said('~/root.bin')).toMatch(/home folder.*\[MATERIAL_FILE\]/);
    expect(await said('root~.bin')).not.toContain('home folder');
  });

  it.each([
    ['material.bin', 'did you mean file:material.bin?'],
    ['./keys/root.pem', 'did you mean file:./keys/root.pem?'],
  ])('--material %s is understood', async (path, expected) => {
    expect((await runCli([...fingerprint, '--material', path])).stderr).toContain(expected);
  });

  it('--material and --passphrase that may be secrets are not repeated', async () => {
    const text = randomBytes(32).toString('base64');
    const args = [...fingerprint, '--material', text];
    expect((await runCli(args)).stderr).not.toContain(text);
    const words = ['--material', 'env:KEY', '--passphrase', 'hunter2.txt'];
    const { stderr } = await runCli([...fingerprint, ...words]);
    expect(stderr).toContain('--passphrase is one of');
    expect(stderr).not.toContain('hunter2');
  });

  it('doctor without a Region names its option', async () => {
    process.env.AWS_CONFIG_FILE = inFolder('config');
    const { stdout } = await runCli(['doctor', '--endpoint-url', kms.url]);
    expect(stdout).toContain('[KMS_REGION]');
    expect(stdout).toContain('-> set --region');
    expect(stdout).not.toContain('connection.region');
  });

  it('a command without --key-id does not advise it where no Region is known', async () => {
    process.env.AWS_CONFIG_FILE = inFolder('config');
    for (const command of ['status', 'evidence']) {
      const { stderr } = await runCli([command]);
      expect(stderr).toContain('[KMS_REGION]');
      expect(stderr).toContain('set --region');
      expect(stderr).not.toMatch(/keyId|--key-id/);
    }
  });

  it.each(['us-east-1,eu-west-1', 'eu-central-1 ', 'EU (Frankfurt)'])(
    'the Region "%s" is refused as one, and not repeated',
    async (region) => {
      const { stderr } = await runCli(['status', '--region', region]);
      expect(stderr).toContain('[KMS_REGION]');
      expect(stderr).toContain('--region');
      expect(stderr).not.toContain(region);
    },
  );
});
