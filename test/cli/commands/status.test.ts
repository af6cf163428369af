import {
  CreateAliasCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { ManualClock, startKms, type EmbeddedKms, type SeedKey } from 'embedded-kms';
import { clientOf } from '../../../packages/embedded-kms/test/support/kms-key';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';

const START = new Date('2030-01-01T00:00:00Z');
const at = (days: number): number => START.getTime() / 1000 + days * 86_400;
const id = (digit: number): string => `${String(digit).repeat(8)}-1111-2222-3333-444455556666`;
const bytes = (digit: number): string => Buffer.alloc(32, digit).toString('base64');

const key = (digit: number, more: Partial<SeedKey> = {}): SeedKey => ({
  KeyId: id(digit),
  Region: 'eu-west-1',
  CreateKey: { Origin: 'EXTERNAL' },
  ...more,
});

useEmbeddedCredentials();
const inFolder = temporaryFolder();

describe('when status reads the keys of an account', () => {
  let kms: EmbeddedKms;
  const clock = new ManualClock(START);
  const run = (...args: string[]) =>
    runCli(['status', '--endpoint-url', kms.url, ...args], {
      now: () => clock.now(),
      env: { AWS_REGION: 'eu-west-1' },
    });

  beforeAll(async () => {
    kms = await startKms({
      clock,
      seed: {
        Keys: [
          key(1, { Materials: [{ Bytes: bytes(1) }] }),
          key(2, { Materials: [{ Bytes: bytes(2), ValidTo: at(12) }], Aliases: ['alias/soon'] }),
          key(3, { Materials: [{ Bytes: bytes(3), ValidTo: at(200) }] }),
          key(4, { Materials: [{ Bytes: bytes(4) }, { Bytes: bytes(44) }] }),
          key(5),
          key(6, { Materials: [{ Bytes: bytes(6) }] }),
          key(7, { CreateKey: { Origin: 'AWS_KMS' } }),
          key(8, {
            CreateKey: { Origin: 'EXTERNAL', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
            Materials: [{ Bytes: bytes(8), ValidTo: at(31) }],
          }),
          key(9, { Region: 'eu-central-1', Materials: [{ Bytes: bytes(9), ValidTo: at(40) }] }),
        ],
      },
    });
    const client = clientOf(kms);
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: id(4) }));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: id(6) }));
    await client.send(new DisableKeyCommand({ KeyId: id(1) }));
    await client.send(new CreateAliasCommand({ AliasName: 'alias/off', TargetKeyId: id(1) }));
    client.destroy();
  });

  afterAll(async () => {
    await kms.close();
  });

  it('shows what needs action first, and ends with 2', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatchSnapshot();
    expect(stdout).not.toContain(id(7));
  });

  it('shows several Regions together', async () => {
    const { stdout } = await run('--region', 'eu-central-1', '--region', 'eu-west-1');
    expect(stdout).toContain(id(9));
    expect(stdout).toContain('8 keys of origin EXTERNAL in eu-central-1, eu-west-1');
  });

  it('--json has the same, for programs', async () => {
    const { code, stdout } = await run('--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchSnapshot();
  });

  it('ends with 0 where nothing needs action within the time, and with 2 a day later', async () => {
    const central = ['--region', 'eu-central-1'];
    expect((await run(...central, '--within', '39d')).code).toBe(0);
    expect((await run(...central, '--within', '40d')).code).toBe(2);
  });

  it('writes one page of HTML, and not over a file that exists', async () => {
    const file = inFolder('status.html');
    const { code, stdout } = await run('--html', file);
    expect(code).toBe(2);
    expect(stdout).toContain(file);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain(id(2));
    expect(page.match(/data-expiry=/g)).toHaveLength(3);
    writeFileSync(file, 'mine');
    kms.clearCalls();
    const again = await run('--html', file);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('[FILE_EXISTS]');
    expect(kms.calls).toHaveLength(0);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await run('--html', file, '--force')).code).toBe(2);
    expect(statSync(file).size).toBeGreaterThan(1000);
  });

  it('colours what is urgent on a terminal, and not where NO_COLOR is set', async () => {
    const args = ['status', '--endpoint-url', kms.url, '--region', 'eu-west-1'];
    const now = () => clock.now();
    const env = { TERM: 'xterm' };
    const escape = String.fromCharCode(27);
    const coloured = await runCli(args, { now, isTTY: true, env });
    expect(coloured.stdout).toContain(`${escape}[31mNOW`);
    const plain = await runCli(args, { now, isTTY: true, env: { ...env, NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain(escape);
  });

  it('shows a bar on a terminal, on stderr, and none in CI', async () => {
    const args = ['status', '--endpoint-url', kms.url, '--region', 'eu-west-1', '--json'];
    const now = () => clock.now();
    const shown = await runCli(args, { now, isTTY: true, env: { TERM: 'xterm' } });
    expect(shown.stderr).toContain('of 8 keys');
    expect(() => JSON.parse(shown.stdout) as unknown).not.toThrow();
    const inCi = await runCli(args, { now, isTTY: true, env: { TERM: 'xterm', CI: 'true' } });
    expect(inCi.stderr).toBe('');
  });

  it('reports a key that it may not read, and the others', async () => {
    kms.inject({
      operation: 'DescribeKey',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'not yours' },
      times: 1,
    });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain('1 key could not be read');
    expect(stdout).toContain('[KMS_ACCESS_DENIED]');
  });

  it('does without aliases where it may not list them', async () => {
    kms.inject({
      operation: 'ListAliases',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'no' },
      times: 1,
    });
    const { code, stdout } = await run();
    expect(code).toBe(2);
    expect(stdout).not.toContain('alias/soon');
    expect(stdout).toContain('kms:ListAliases is not allowed');
  });

  it('fails where it cannot list the keys', async () => {
    kms.inject({
      operation: 'ListKeys',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'no' },
      times: 1,
    });
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('[KMS_ACCESS_DENIED]');
  });

  it('refuses an endpoint in clear on another machine', async () => {
    const { code, stderr } = await runCli(['status', '--endpoint-url', 'http://kms.example.com']);
    expect(code).toBe(1);
    expect(stderr).toContain('[ENDPOINT_INSECURE]');
  });
});
