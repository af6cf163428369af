import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EncryptCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { ManualClock, startKms, type EmbeddedKms, type SeedKey } from 'embedded-kms';
import { clientOf } from '../../../packages/embedded-kms/test/support/kms-key';
import { importByHand } from '../../support/import-by-hand';
import { regionsBeside } from '../../../src/cli/status/regions';
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
          key(6, { Materials: [{ Bytes: bytes(6), ValidTo: at(5) }] }),
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

  it('keys that KMS will delete are last, need no action and can be hidden', async () => {
    interface Answer {
      readonly keys: readonly { keyId: string; findings: readonly { urgency: string }[] }[];
      readonly notes: readonly string[];
    }
    const { keys } = JSON.parse((await run('--json')).stdout) as Answer;
    expect(keys.at(-1)).toMatchObject({ keyId: id(6), findings: [{ urgency: 'note' }] });
    const { stdout } = await run('--json', '--hide-pending-deletion');
    const hidden = JSON.parse(stdout) as Answer;
    expect(hidden.keys).toEqual(keys.slice(0, -1));
    expect(hidden.notes).toHaveLength(1);
  });

  it('a key that KMS will delete does not fail the check', async () => {
    const client = clientOf(kms, 'us-west-2');
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    expect((await run('--region', 'us-west-2')).code).toBe(2);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata!.KeyId! }));
    client.destroy();
    expect((await run('--region', 'us-west-2')).code).toBe(0);
  });

  it('the table is at most 100 columns wide and has a line for each key, the action first', async () => {
    const client = clientOf(kms, 'ap-southeast-1');
    const names = ['first', 'second', 'third'].map(
      (last) => `alias/payments/production/${'card-data/'.repeat(15)}${last}`,
    );
    for (const AliasName of names) {
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
      const TargetKeyId = KeyMetadata!.KeyId!;
      await client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
      await client.send(new CreateAliasCommand({ AliasName: `${AliasName}-too`, TargetKeyId }));
    }
    client.destroy();
    const { stdout } = await run('--region', 'ap-southeast-1', '--region', 'eu-west-1');
    const [table = ''] = stdout.split('\n\n');
    const lines = table.split('\n');
    expect(lines).toHaveLength(1 + 7 + names.length);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(100);
    expect(lines[1]).toMatch(/^NOW: /);
    // Long names keep what distinguishes them.
    for (const last of ['first', 'second', 'third']) expect(table).toContain(`${last} +1`);
    expect(table).toContain(id(4));
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
    expect(page.match(/data-date=/g)).toHaveLength(3);
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

  describe('with --last-use', () => {
    interface Answer {
      readonly keys: readonly { readonly keyId: string; readonly lastUse?: object }[];
      readonly notes: readonly string[];
    }
    const inRegion = ['--region', 'sa-east-1', '--last-use'];
    let used: string;
    let unused: string;
    let third: string;

    beforeAll(async () => {
      const client = clientOf(kms, 'sa-east-1');
      const create = async (): Promise<string> => {
        const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
        return KeyMetadata!.KeyId!;
      };
      [used, unused, third] = [await create(), await create(), await create()];
      await importByHand(client, used, Buffer.alloc(32, 5));
      await client.send(new EncryptCommand({ KeyId: used, Plaintext: Buffer.from('x') }));
      client.destroy();
      clock.advance(2 * 3_600_000);
    });

    afterAll(() => {
      clock.set(START);
    });

    it('--json has the use of each key, and without the option nothing is asked', async () => {
      const { keys } = JSON.parse((await run(...inRegion, '--json')).stdout) as Answer;
      const lastUseOf = (id: string) => keys.find(({ keyId }) => keyId === id)?.lastUse;
      expect(lastUseOf(used)).toEqual({
        state: 'used',
        at: '2030-01-01T00:00:00Z',
        operation: 'Encrypt',
        eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      });
      expect(lastUseOf(unused)).toEqual({
        state: 'none',
        since: '2030-01-01T00:00:00Z',
        isWholeLife: true,
      });
      kms.clearCalls();
      const without = JSON.parse((await run('--region', 'sa-east-1', '--json')).stdout) as Answer;
      expect(without.keys.map(({ lastUse }) => lastUse)).toEqual([undefined, undefined, undefined]);
      expect(kms.calls.map(({ operation }) => operation)).not.toContain('GetKeyLastUsage');
    });

    it('the table has a column of it', async () => {
      const lines = (await run(...inRegion)).stdout.split('\n');
      expect(lines[0]).toMatch(/^ACTION +REGION +EXPIRES +LAST USE +KEY$/);
      expect(lines.find((line) => line.includes(used))).toContain(' 2030-01-01 ');
      expect(lines.find((line) => line.includes(unused))).toContain(' never ');
      for (const line of lines.slice(0, 4)) expect(line.length).toBeLessThanOrEqual(100);
    });

    it('the page has a column of it, and the operation and the event in the details', async () => {
      const file = inFolder('used.html');
      await run(...inRegion, '--html', file);
      const page = readFileSync(file, 'utf8');
      expect(page).toContain('Last use');
      expect(page).toMatch(/last use: 2030-01-01T00:00:00Z, Encrypt, CloudTrail event [0-9a-f-]+/);
      expect(page).toContain('last use: none since its creation, 2030-01-01T00:00:00Z');
    });

    it.each(['AccessDeniedException', 'UnknownOperationException'])(
      'a use that KMS does not show (%s) is unknown, and no other',
      async (type) => {
        kms.inject({ operation: 'GetKeyLastUsage', fault: { kind: 'error', type } });
        const { code, stdout } = await run(...inRegion, '--json');
        expect(code).toBe(2);
        const { keys, notes } = JSON.parse(stdout) as Answer;
        const states = keys.map(({ lastUse }) => (lastUse as { state: string }).state);
        expect(states.filter((state) => state === 'unknown')).toHaveLength(1);
        expect(keys.map(({ keyId }) => keyId)).toContain(third);
        expect(notes.join()).toContain('the last use of 1 key is unknown');
      },
    );
  });

  describe('with --all-regions', () => {
    const everywhere = ['--all-regions', '--within', '1d'];
    const fail = (type: string): void => {
      kms.inject({ operation: 'ListKeys', fault: { kind: 'error', type }, times: 1 });
    };

    it('reads every Region of the partition', async () => {
      kms.clearCalls();
      const { stdout } = await run(...everywhere, '--json');
      const found = JSON.parse(stdout) as { keys: { keyId: string }[]; regions: string[] };
      expect(found.regions).toEqual(expect.arrayContaining(['eu-central-1', 'ap-northeast-3']));
      expect(found.regions).toHaveLength(regionsBeside('eu-west-1').length);
      expect(found.keys.map(({ keyId }) => keyId)).toEqual(expect.arrayContaining([id(9), id(2)]));
    });

    it('does not need a Region of its own', async () => {
      const args = ['status', '--endpoint-url', kms.url, ...everywhere, '--json'];
      const { stdout } = await runCli(args, { now: () => clock.now() });
      expect(stdout).toContain(id(9));
    });

    it('a Region that the account has not enabled is named, and no error', async () => {
      fail('UnrecognizedClientException');
      const { code, stdout } = await run(...everywhere);
      expect(code).toBe(2);
      expect(stdout).toMatch(/^not available to this account: [a-z]+-[a-z]+-\d$/m);
    });

    it('a Region that cannot be read is named beside the keys of the others, and is an error', async () => {
      fail('AccessDeniedException');
      const { code, stdout } = await run(...everywhere);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^not read: [a-z]+-[a-z]+-\d: .*\[KMS_ACCESS_DENIED\]$/m);
      expect(stdout).toContain('import its first material');
    });

    it('resolves the credentials once for all Regions', async () => {
      const saved = { ...process.env };
      const [asked, config] = [inFolder('asked'), inFolder('config')];
      const answer = JSON.stringify({
        Version: 1,
        AccessKeyId: process.env.AWS_ACCESS_KEY_ID,
        SecretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      });
      writeFileSync(inFolder('credentials.sh'), `echo asked >> ${asked}\necho '${answer}'\n`);
      const program = `sh ${inFolder('credentials.sh')}`;
      writeFileSync(config, `[profile once]\ncredential_process = ${program}\n`);
      process.env.AWS_CONFIG_FILE = config;
      Reflect.deleteProperty(process.env, 'AWS_ACCESS_KEY_ID');
      try {
        const { stdout, stderr } = await run(...everywhere, '--profile', 'once');
        expect(stderr).toBe('');
        expect(stdout).toContain('eu-central-1');
      } finally {
        process.env = saved;
      }
      expect(readFileSync(asked, 'utf8').trim().split('\n')).toHaveLength(1);
    });

    it('refuses --region beside it', async () => {
      expect((await run('--all-regions', '--region', 'eu-west-1')).code).toBe(1);
    });
  });

  it('a Region that was named and is not enabled is an error, and the others are shown', async () => {
    kms.inject({
      operation: 'ListKeys',
      fault: { kind: 'error', type: 'UnrecognizedClientException' },
      times: 1,
    });
    const { code, stdout } = await run('--region', 'eu-west-1', '--region', 'eu-central-1');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not available to this account: eu-(?:west|central)-1$/m);
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
