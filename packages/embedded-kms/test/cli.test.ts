import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { version } from '../package.json';
import { startKms } from '../src';
import { main } from '../src/cli/main';

/** Runs the command as a shell would, up to its first output; `done` is its end. */
function run(...args: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const done = main(args, { stdout, stderr });
  const printed = new Promise<string>((resolve) => {
    stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
    });
  });
  const textOf = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  const stdoutText = () => textOf(stdout);
  const stderrText = () => textOf(stderr);
  return { done, printed, stdoutText, stderrText };
}

const endpointOf = (text: string) => /AWS_ENDPOINT_URL_KMS=(\S+)/.exec(text)?.[1];

describe('when the command runs', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints the environment that works, and closes on %s',
    async (signal) => {
      const { done, printed } = run('--port', '0', '--account-id', '777788889999');
      const text = await printed;
      const endpoint = endpointOf(text)!;
      for (const name of [
        'ACCESS_KEY_ID=777788889999',
        'SECRET_ACCESS_KEY=',
        'REGION=eu-central-1',
        'DEFAULT_REGION=eu-central-1',
      ]) {
        expect(text).toContain(`export AWS_${name}`);
      }
      const client = new KMSClient({
        endpoint,
        region: 'eu-central-1',
        credentials: { accessKeyId: '777788889999', secretAccessKey: 'emulator' },
      });
      const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
      expect(KeyMetadata?.AWSAccountId).toBe('777788889999');

      process.emit(signal);
      await done;
      await expect(fetch(endpoint)).rejects.toThrow();
      expect(process.listenerCount(signal)).toBe(0);
    },
  );

  it('prints one line of JSON when asked for it', async () => {
    const { done, printed } = run('--port', '0', '--json');
    const text = await printed;
    expect(text.match(/\n/g)).toHaveLength(1);
    const { url, environment } = JSON.parse(text) as {
      url: string;
      environment: Record<string, string>;
    };
    expect(environment).toMatchObject({ AWS_ENDPOINT_URL_KMS: url, AWS_ENDPOINT_URL_STS: url });
    expect((await fetch(`${url}/_health`)).status).toBe(200);
    process.emit('SIGTERM');
    await done;
  });
});

describe('when the command listens for other machines', () => {
  const statusFor = (url: string, host: string) =>
    new Promise((resolve, reject) => {
      request(`${url}/_health`, { headers: { host } }, (response) => {
        resolve(response.statusCode);
        response.resume();
      })
        .on('error', reject)
        .end();
    });
  const urlIn = async (printed: Promise<string>) =>
    (JSON.parse(await printed) as { readonly url: string }).url;

  it('answers to the names that it is started with', async () => {
    const names = ['--allow-host', 'kms', '--allow-host', 'kms.test'];
    const { done, printed } = run('--port', '0', '--json', '--host', '0.0.0.0', ...names);
    const url = await urlIn(printed);
    for (const host of ['kms', 'kms.test:80', 'localhost']) {
      expect(await statusFor(url, host)).toBe(200);
    }
    expect(await statusFor(url, 'rebound.example')).toBe(403);
    process.emit('SIGTERM');
    await done;
  });

  it('names the option when it answers to no other machine', async () => {
    const { done, printed } = run('--port', '0', '--host', '0.0.0.0');
    expect(await printed).toContain('--allow-host');
    process.emit('SIGTERM');
    await done;
  });

  it('refuses a name with a port', async () => {
    const { done, stderrText } = run('--port', '0', '--allow-host', 'kms:4599');
    expect(await done).toBe(1);
    expect(stderrText()).toContain("'kms:4599'");
  });
});

describe('when the command gets a seed, a state and a clock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-kms-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const urlOf = async (printed: Promise<string>) =>
    (JSON.parse(await printed) as { readonly url: string }).url;
  const finish = async (done: Promise<unknown>) => {
    process.emit('SIGTERM');
    await done;
  };
  const keyId = '11111111-2222-3333-4444-555555555555';
  const material = randomBytes(32).toString('base64');
  const describeKey = async (url: string) => {
    const client = new KMSClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'emulator' },
    });
    return (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata;
  };

  it('keeps keys and time from one run to the next, in a file that only its owner can read', async () => {
    const seed = join(folder, 'seed.json');
    const state = join(folder, 'state.json');
    const CreateKey = { Origin: 'EXTERNAL' };
    const Materials = [{ Bytes: material }];
    writeFileSync(seed, JSON.stringify({ Keys: [{ KeyId: keyId, CreateKey, Materials }] }));
    const start = () =>
      run(
        '--port',
        '0',
        '--json',
        '--seed',
        seed,
        '--state',
        state,
        '--clock',
        '2030-01-01T00:00:00Z',
      );

    const first = start();
    const url = await urlOf(first.printed);
    expect(await describeKey(url)).toMatchObject({
      KeyState: 'Enabled',
      CreationDate: new Date('2030-01-01T00:00:00Z'),
    });
    const moved = await fetch(`${url}/_admin/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds: 3600 }),
    });
    expect(await moved.json()).toEqual({ now: '2030-01-01T01:00:00.000Z' });
    await finish(first.done);
    expect(statSync(state).mode & 0o777).toBe(0o600);

    const second = start();
    const again = await urlOf(second.printed);
    expect(await describeKey(again)).toMatchObject({ KeyState: 'Enabled' });
    const now: unknown = await (await fetch(`${again}/_admin/clock`)).json();
    expect(now).toEqual({ now: '2030-01-01T01:00:00.000Z' });
    await finish(second.done);
  });

  it.each([
    ['--seed', 'is not valid JSON'],
    ['--state', 'is not valid JSON'],
  ])('refuses a %s file that is no JSON, and does not quote it', async (option, message) => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, material);
    const { done, stderrText } = run('--port', '0', option, path);
    expect(await done).toBe(1);
    const text = stderrText();
    expect(text).toContain(message);
    expect(text).not.toContain(material);
  });

  it('refuses a seed that is not there, and a state that is none', async () => {
    const missing = run('--port', '0', '--seed', join(folder, 'missing.json'));
    expect(await missing.done).toBe(1);
    const path = join(folder, 'other.json');
    writeFileSync(path, '{}');
    const other = run('--port', '0', '--state', path);
    expect(await other.done).toBe(1);
    expect(other.stderrText()).toContain('not a snapshot');
  });

  it('writes the state when it is interrupted twice, as npx does', async () => {
    const state = join(folder, 'twice.json');
    const { done, printed } = run('--port', '0', '--json', '--state', state);
    await urlOf(printed);
    process.emit('SIGINT');
    // A signal that nobody takes ends a process.
    expect([process.emit('SIGINT'), process.emit('SIGTERM')]).toEqual([true, true]);
    expect(await done).toBe(0);
    expect(statSync(state).size).toBeGreaterThan(0);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('does not start when it could not write the state in the end', async () => {
    const { done, stderrText } = run('--port', '0', '--state', join(folder, 'none', 'state.json'));
    expect(await done).toBe(1);
    expect(stderrText()).toContain('ENOENT');
  });

  it('leaves no part of a state behind that it cannot write', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const state = join(own, 'state.json');
    const { done, printed, stderrText } = run('--port', '0', '--json', '--state', state);
    await urlOf(printed);
    mkdirSync(join(state, 'in-the-way'), { recursive: true });
    process.emit('SIGTERM');
    expect(await done).toBe(1);
    expect(stderrText()).toMatch(/^error: /);
    expect(readdirSync(own)).toEqual(['state.json']);
  });

  it('throttles at the quotas of AWS when asked to', async () => {
    // At an instant that does not pass no quota fills up again.
    const instant = '2030-01-01T00:00:00Z';
    const { done, printed } = run('--port', '0', '--json', '--quotas', '--clock', instant);
    const url = await urlOf(printed);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        fetch(url, { method: 'POST', headers: { 'x-amz-target': 'TrentService.CreateKey' } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThan(8);
    await finish(done);
  });
});

describe('when the command is asked about itself', () => {
  const say = async (...args: string[]) => {
    const { done, printed } = run(...args);
    return { text: await printed, code: await done };
  };

  it('--help shows options and examples, and ends well', async () => {
    const { text, code } = await say('--help');
    expect(code).toBe(0);
    expect(text).toMatchSnapshot();
  });

  it('--version prints the version of the package', async () => {
    expect(await say('--version')).toEqual({ text: `${version}\n`, code: 0 });
  });
});

describe('when the command is called wrongly', () => {
  it.each([
    ['an unknown option', ['--absent']],
    ['an argument', ['serve']],
    ['a bad port', ['--port', '70000']],
    ['a bad account', ['--account-id', '1']],
  ])('%s is an error on stderr', async (_what, args) => {
    const { done, stdoutText, stderrText } = run(...args);
    expect(await done).toBe(1);
    expect(stdoutText()).toBe('');
    expect(stderrText()).toMatch(/^error: /);
  });

  it.each([
    ['--port', 'abc'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--account-id', '12'],
    ['--clock', 'tomorrow'],
    ['--clock', '2030-13-01T00:00:00Z'],
  ])('refuses %s %s and names the option', async (option, value) => {
    const { done, stderrText } = run(option, value);
    expect(await done).toBe(1);
    expect(stderrText()).toContain(option);
  });

  it('says that the port is taken, and leaves no listener behind', async () => {
    const kms = await startKms();
    try {
      const { done, stderrText } = run('--port', String(kms.port));
      expect(await done).toBe(1);
      expect(stderrText()).toContain('EADDRINUSE');
      expect(process.listenerCount('SIGTERM')).toBe(0);
    } finally {
      await kms.close();
    }
  });
});
