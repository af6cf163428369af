import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve, type Io, type ServeOptions } from './serve';

const DEFAULT_PORT = 4599;
const DEFAULT_ACCOUNT_ID = '111122223333';
/** The width of help that is not printed to a terminal. */
const HELP_WIDTH = 80;

/**
 * Runs the command line.
 *
 * @param args - the arguments after the name of the program
 * @returns the exit code
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const program = buildProgram(io).action(async (options: ServeOptions) => {
    code = await serve(options, io);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already written its message. --help ends this way too.
    if (error instanceof CommanderError) return error.exitCode;
    io.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function buildProgram({ stdout, stderr }: Io): Command {
  return new Command('embedded-kms')
    .description(
      [
        'Runs a KMS for tests until it is interrupted.',
        'It prints the variables that make AWS SDKs and the AWS CLI call it. It does not authenticate its callers.',
      ].join('\n\n'),
    )
    .version(version(), '--version', 'print the version')
    .option('--port <number>', 'port to listen on, 0 for any free one', parsePort, DEFAULT_PORT)
    .option(
      '--host <address>',
      'address to listen on; anybody who reaches it can use it',
      '127.0.0.1',
    )
    .option(
      '--allow-host <name>',
      'host name that clients may use besides localhost and --host; repeatable. Requests to other names are refused',
      (name: string, names: readonly string[] | undefined) => [...(names ?? []), name],
    )
    .option(
      '--account-id <digits>',
      'account of callers whose access key id is not an account id',
      parseAccountId,
      DEFAULT_ACCOUNT_ID,
    )
    .option(
      '--clock <instant>',
      'RFC 3339 instant at which the clock stops until POST /_admin/clock moves it; or real',
      parseClock,
    )
    .option('--quotas', "answer ThrottlingException above AWS's request quotas")
    .option(
      '--seed <file>',
      'JSON file with keys to start with; ignored if the --state file exists',
    )
    .option(
      '--state <file>',
      'file to read keys from at the start and write them to at the end, readable only by you; it contains key material in clear. Default: keys are kept in memory only',
    )
    .option('--json', 'print the result as JSON')
    .helpOption('--help', 'print this help')
    .addHelpText('after', HELP_AFTER)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => stderr.columns ?? HELP_WIDTH,
    });
}

const HELP_AFTER = `
Examples:
  # a KMS for this shell
  embedded-kms --port 4599
  # keys that survive a restart
  embedded-kms --state keys.json
  # a KMS in a container, for clients that call it http://kms:4599
  embedded-kms --host 0.0.0.0 --allow-host kms

Exit codes:
  0  interrupted, and closed
  1  could not start, or could not write the state`;

function version(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65535) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  }
  return port;
}

/** Undefined means the real time. */
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
