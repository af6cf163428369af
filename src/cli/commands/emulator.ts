import { InvalidArgumentError } from 'commander';
import type { EmbeddedKms } from 'embedded-kms';
import { defineCommand } from '../command';
import { readSeed, readState, writeState } from '../emulator-files';
import { EXIT } from '../exit-code';
import { withJson } from '../options';

const DEFAULT_PORT = 4599;
const DEFAULT_ACCOUNT_ID = '111122223333';

interface EmulatorOptions {
  readonly port: number;
  readonly host: string;
  readonly accountId: string;
  readonly clock?: Date;
  readonly quotas?: true;
  readonly seed?: string;
  readonly state?: string;
  readonly json?: true;
}

/** `kms-byok emulator`: runs the embedded KMS until SIGINT or SIGTERM. */
export const emulator = defineCommand(
  {
    name: 'emulator',
    summary: 'run the embedded KMS until it is interrupted',
    details: [
      'It prints what a shell needs to use it. Unmodified AWS clients can call it, and the AWS CLI. It authenticates nobody.',
    ],
    declare: (command) =>
      withJson(
        command
          .option(
            '--port <number>',
            'port to listen on, 0 for any free one',
            parsePort,
            DEFAULT_PORT,
          )
          .option(
            '--host <address>',
            'address to listen on; there is no authentication',
            '127.0.0.1',
          )
          .option(
            '--account-id <digits>',
            'account of callers whose access key id names none',
            parseAccountId,
            DEFAULT_ACCOUNT_ID,
          )
          .option(
            '--clock <instant>',
            'RFC 3339 instant at which the clock stands still until POST /_admin/clock moves it; or real',
            parseClock,
          )
          .option('--quotas', "answer ThrottlingException above AWS's request quotas")
          .option(
            '--seed <file>',
            'JSON file with the keys to begin with; unused once there is a state',
          )
          .option(
            '--state <file>',
            'file that keys are read from at the start and written to at the end, readable by you alone; it contains key material in clear. Without it keys live in memory',
          ),
      ),
    examples: [
      { purpose: 'a KMS for this shell', command: 'kms-byok emulator --port 4599' },
      {
        purpose: 'keys that are there again tomorrow',
        command: 'kms-byok emulator --state keys.json',
      },
    ],
    exitCodes: { 0: 'it was interrupted, and closed', 1: 'it could not start' },
  },
  async (options: EmulatorOptions, io) => {
    // Listens for signals first: one that comes while the server starts must not be lost.
    const interrupted = nextSignal();
    let kms: EmbeddedKms;
    try {
      kms = await start(options);
    } catch (error) {
      interrupted.forget();
      const reason = error instanceof Error ? error.message : String(error);
      io.stderr.write(`error: cannot start the embedded KMS: ${reason}\n`);
      return EXIT.error;
    }
    io.stdout.write(options.json ? json(kms, options) : text(kms, options));
    await interrupted.signal;
    await kms.close();
    if (options.state !== undefined) writeState(options.state, kms.snapshot());
    return EXIT.ok;
  },
);

// Loaded here: the commands that stay offline load no server.
async function start({ port, host, accountId, clock, quotas, seed, state }: EmulatorOptions) {
  const { ManualClock, startKms } = await import('embedded-kms');
  const before = state === undefined ? undefined : readState(state);
  return startKms({
    port,
    host,
    accountId,
    ...(clock === undefined ? {} : { clock: new ManualClock(notBefore(clock, before?.takenAt)) }),
    ...(quotas === undefined ? {} : { quotas }),
    ...(before === undefined ? {} : { state: before }),
    ...(seed === undefined || before !== undefined ? {} : { seed: readSeed(seed) }),
  });
}

/** A clock must not run backwards, so it goes on from a state that is ahead of it. */
function notBefore(instant: Date, takenAt: string | undefined): Date {
  const earliest = takenAt === undefined ? NaN : Date.parse(takenAt);
  return earliest > instant.getTime() ? new Date(earliest) : instant;
}

/** What AWS clients and the AWS CLI read; an access key id of 12 digits chooses the account. */
function environment(kms: EmbeddedKms, { accountId }: EmulatorOptions): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_STS: kms.url,
    AWS_ACCESS_KEY_ID: accountId,
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_REGION: 'us-east-1',
  };
}

function json(kms: EmbeddedKms, options: EmulatorOptions): string {
  return `${JSON.stringify({ url: kms.url, environment: environment(kms, options) })}\n`;
}

function text(kms: EmbeddedKms, options: EmulatorOptions): string {
  const exports = Object.entries(environment(kms, options)).map(
    ([name, value]) => `  export ${name}=${value}`,
  );
  return [
    `The embedded KMS listens on ${kms.url}`,
    '',
    ...exports,
    '',
    options.state === undefined
      ? 'Keys live in memory and are gone when it stops. Stop it with Ctrl-C.'
      : `Keys are written to ${options.state} when it stops. Stop it with Ctrl-C.`,
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

/** Undefined is the real time, commander's default included. */
function parseClock(value: string): Date | undefined {
  if (value === 'real') return undefined;
  const instant = new Date(value);
  if (!/^\d{4}-\d\d-\d\dT/.test(value) || Number.isNaN(instant.getTime())) {
    throw new InvalidArgumentError('It must be an RFC 3339 instant, or real.');
  }
  return instant;
}

function parseAccountId(value: string): string {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('It must be 12 digits.');
  return value;
}
