import { PassThrough } from 'node:stream';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { emulatorCommand } from '../../src/cli/emulator';
import { startKms } from '../../src/testing/kms';

/** Runs the command as a shell would, up to its first output; `done` is its end. */
function run(...args: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const done = emulatorCommand({ stdout, stderr })
    .exitOverride()
    .parseAsync(args, { from: 'user' });
  const printed = new Promise<string>((resolve) => {
    stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
    });
  });
  const stderrText = () => (stderr.read() as Buffer | null)?.toString() ?? '';
  return { done, printed, stderrText };
}

const endpointOf = (text: string) => /AWS_ENDPOINT_URL_KMS=(\S+)/.exec(text)?.[1];

describe('when the emulator runs', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints the environment that works, and closes on %s',
    async (signal) => {
      const { done, printed } = run('--port', '0', '--account-id', '777788889999');
      const text = await printed;
      const endpoint = endpointOf(text)!;
      for (const name of ['ACCESS_KEY_ID=777788889999', 'SECRET_ACCESS_KEY=', 'REGION=']) {
        expect(text).toContain(`export AWS_${name}`);
      }
      const client = new KMSClient({
        endpoint,
        region: 'us-east-1',
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

describe('when help is asked for', () => {
  it('names every option', async () => {
    const { done, printed } = run('--help');
    await expect(done).rejects.toMatchObject({ code: 'commander.helpDisplayed' });
    const text = await printed;
    for (const option of ['--port', '--host', '--account-id', '--json']) {
      expect(text).toContain(option);
    }
  });
});

describe('when the emulator is called wrongly', () => {
  it.each([
    ['--port', 'abc'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--account-id', '12'],
  ])('refuses %s %s and names the option', async (option, value) => {
    const { done, stderrText } = run(option, value);
    await expect(done).rejects.toMatchObject({ code: 'commander.invalidArgument' });
    expect(stderrText()).toContain(option);
  });

  it('says that the port is taken, and leaves no listener behind', async () => {
    const kms = await startKms();
    try {
      const { done, stderrText } = run('--port', String(kms.port));
      await expect(done).rejects.toMatchObject({ exitCode: 1 });
      expect(stderrText()).toContain('EADDRINUSE');
      expect(process.listenerCount('SIGTERM')).toBe(0);
    } finally {
      await kms.close();
    }
  });
});
