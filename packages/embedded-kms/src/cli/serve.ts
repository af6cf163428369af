import type { EmbeddedKms } from '../index';
import { readSeed, readState, writeState } from './files';

/** A stream that may be a terminal. */
export interface Output extends NodeJS.WritableStream {
  readonly columns?: number;
}

/** The streams that the command writes to. */
export interface Io {
  /** Gets only the result. */
  readonly stdout: Output;
  readonly stderr: Output;
}

/** The options of the command, as they were parsed. */
export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHost?: readonly string[];
  readonly accountId: string;
  readonly clock?: Date;
  readonly quotas?: true;
  readonly seed?: string;
  readonly state?: string;
  readonly json?: true;
}

/**
 * Runs the embedded KMS until SIGINT or SIGTERM.
 *
 * @returns the exit code
 */
export async function serve(options: ServeOptions, { stdout, stderr }: Io): Promise<number> {
  // First, because a signal that arrives while the server starts must not be lost.
  const interrupted = nextSignal();
  let kms: EmbeddedKms;
  try {
    kms = await start(options);
  } catch (error) {
    interrupted.forget();
    const reason = error instanceof Error ? error.message : String(error);
    stderr.write(`error: cannot start the embedded KMS: ${reason}\n`);
    return 1;
  }
  stdout.write(options.json ? json(kms, options) : text(kms, options));
  try {
    await interrupted.signal;
    await kms.close();
    if (options.state !== undefined) writeState(options.state, kms.snapshot());
  } finally {
    // Not before: npx passes on the signal that the shell sends too, and the second must not end the process.
    interrupted.forget();
  }
  return 0;
}

// The server is loaded only here, because --help and --version do not need it.
async function start(options: ServeOptions) {
  const { port, host, allowHost = [], accountId, clock, quotas, seed, state } = options;
  const { ManualClock, startKms } = await import('../index.js');
  const before = state === undefined ? undefined : readState(state);
  return startKms({
    port,
    host,
    allowHosts: allowHost,
    accountId,
    ...(clock === undefined ? {} : { clock: new ManualClock(notBefore(clock, before?.takenAt)) }),
    ...(quotas === undefined ? {} : { quotas }),
    ...(before === undefined ? {} : { state: before }),
    ...(seed === undefined || before !== undefined ? {} : { seed: readSeed(seed) }),
  });
}

/** A clock must not run backwards, so it starts at the instant of a state that is ahead of it. */
function notBefore(instant: Date, takenAt: string | undefined): Date {
  const earliest = takenAt === undefined ? NaN : Date.parse(takenAt);
  return earliest > instant.getTime() ? new Date(earliest) : instant;
}

/** Variables that AWS clients and the AWS CLI read; an access key id of 12 digits chooses the account. */
function environment(kms: EmbeddedKms, { accountId }: ServeOptions): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_STS: kms.url,
    AWS_ACCESS_KEY_ID: accountId,
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_REGION: 'eu-central-1',
    // boto3 and version 1 of the AWS CLI read only this one.
    AWS_DEFAULT_REGION: 'eu-central-1',
  };
}

function json(kms: EmbeddedKms, options: ServeOptions): string {
  return `${JSON.stringify({ url: kms.url, environment: environment(kms, options) })}\n`;
}

function text(kms: EmbeddedKms, options: ServeOptions): string {
  const exports = Object.entries(environment(kms, options)).map(
    ([name, value]) => `  export ${name}=${value}`,
  );
  return [
    `The embedded KMS listens on ${kms.url}`,
    '',
    ...exports,
    '',
    ...(listensEverywhere(options) && options.allowHost === undefined
      ? ['It answers only requests to localhost. To allow other host names, add --allow-host.']
      : []),
    options.state === undefined
      ? 'Keys are kept in memory and are lost when it stops. Stop it with Ctrl-C.'
      : `Keys are written to ${options.state} when it stops. Stop it with Ctrl-C.`,
    '',
  ].join('\n');
}

function listensEverywhere({ host }: ServeOptions): boolean {
  return host === '0.0.0.0' || host === '::';
}

function nextSignal(): { readonly signal: Promise<void>; readonly forget: () => void } {
  let finish: () => void = () => undefined;
  const signal = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const onSignal = () => {
    finish();
  };
  const forget = () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { signal, forget };
}
