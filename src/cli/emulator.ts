import { Command, InvalidArgumentError } from 'commander';
import { startKms, type Kms } from '../testing/kms/index';

const DEFAULT_PORT = 4599;
const DEFAULT_ACCOUNT_ID = '111122223333';

/** Where a command writes. */
export interface EmulatorIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

interface EmulatorOptions {
  readonly port: number;
  readonly host: string;
  readonly accountId: string;
  readonly json?: true;
}

/**
 * `kms-byok emulator`: runs the embedded KMS until SIGINT or SIGTERM, and prints what a shell needs
 * to use it.
 */
export function emulatorCommand(io: EmulatorIo): Command {
  return new Command('emulator')
    .description('run the embedded KMS until it is interrupted; keys live in memory only')
    .option('--port <number>', 'port to listen on, 0 for any free one', parsePort, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on; there is no authentication', '127.0.0.1')
    .option(
      '--account-id <digits>',
      'account of callers whose access key id names none',
      parseAccountId,
      DEFAULT_ACCOUNT_ID,
    )
    .option('--json', 'print the URL and the environment as one line of JSON')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
    .action(async (options: EmulatorOptions, command: Command) => {
      // Listens for signals first: one that comes while the server starts must not be lost.
      const interrupted = nextSignal();
      let kms: Kms;
      try {
        kms = await startKms(options);
      } catch (error) {
        interrupted.forget();
        const reason = error instanceof Error ? error.message : String(error);
        command.error(`error: cannot start the embedded KMS: ${reason}`);
      }
      io.stdout.write(options.json ? json(kms, options) : text(kms, options));
      await interrupted.signal;
      await kms.close();
    });
}

/** What AWS clients and the AWS CLI read; an access key id of 12 digits chooses the account. */
function environment(kms: Kms, { accountId }: EmulatorOptions): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_STS: kms.url,
    AWS_ACCESS_KEY_ID: accountId,
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_REGION: 'us-east-1',
  };
}

function json(kms: Kms, options: EmulatorOptions): string {
  return `${JSON.stringify({ url: kms.url, environment: environment(kms, options) })}\n`;
}

function text(kms: Kms, options: EmulatorOptions): string {
  const exports = Object.entries(environment(kms, options)).map(
    ([name, value]) => `  export ${name}=${value}`,
  );
  return [
    `The embedded KMS listens on ${kms.url}`,
    '',
    ...exports,
    '',
    'Keys live in memory and are gone when it stops. Stop it with Ctrl-C.',
    '',
  ].join('\n');
}

function nextSignal(): { readonly signal: Promise<void>; readonly forget: () => void } {
  let finish: () => void = () => undefined;
  const signal = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const forget = () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  const onSignal = () => {
    forget();
    finish();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal, forget };
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65535) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  }
  return port;
}

function parseAccountId(value: string): string {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('It must be 12 digits.');
  return value;
}
