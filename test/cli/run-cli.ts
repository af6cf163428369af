import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Io, Output } from '../../src/cli/io';
import { main } from '../../src/cli/main';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';

/** Outcome of one run of the command line. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly isTTY?: boolean;
  /** Answers for the person at the terminal. */
  readonly ask?: Io['ask'];
}

/** Runs the command line in this process, as a shell would. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<CliRun> {
  const text = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof text): Output =>
    Object.assign(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          text[name] += chunk.toString();
          done();
        },
      }),
      {
        isTTY: options.isTTY ?? false,
        columns: 80,
        cursorTo: () => true,
        moveCursor: () => true,
        clearLine: () => true,
        clearScreenDown: () => true,
      },
    );
  const io: Io = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { PATH: process.env.PATH, ...options.env },
    now: options.now ?? (() => new Date()),
    sleep: options.sleep ?? (() => Promise.resolve()),
    random: randomBytes,
    ...(options.ask === undefined ? {} : { ask: options.ask }),
  };
  const code = await main(args, io);
  return { code, ...text };
}

/** Gives the AWS SDK, which reads the environment of the process, credentials for the embedded KMS. */
export function useEmbeddedCredentials(): void {
  const before = { ...process.env };
  beforeAll(() => {
    process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    delete process.env.AWS_REGION;
    delete process.env.AWS_PROFILE;
  });
  afterAll(() => {
    process.env = before;
  });
}

/** A folder that is there for the tests of one file. */
export function temporaryFolder(): (...names: string[]) => string {
  const folder = mkdtempSync(join(tmpdir(), 'kms-byok-cli-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (...names) => join(folder, ...names);
}
