import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByokError } from '../../src/errors';
import { SharedPinAttempts } from '../../src/provider/shared-pin-attempts';
import { codeAtEnd } from '../support/codes';
import { describeWithCompiledModule } from '../support/describe-with-soft-hsm';
import { compileShim, SoftHsm } from '../support/soft-hsm';

const TOKEN = 'a token';
const PROGRAM = join(__dirname, '..', 'support', 'import-and-wait.js');
let parent: string;
let folder: string;
let others: ChildProcess[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'byok-pins-'));
  folder = join(parent, 'runs');
  others = [];
});

afterEach(() => {
  for (const other of others) other.kill('SIGKILL');
  rmSync(parent, { recursive: true });
});

/** The attempts of another process of the run, which runs until it is ended. */
async function another(): Promise<{ attempts: SharedPinAttempts; end: () => Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000)']);
  await once(child, 'spawn');
  others.push(child);
  return {
    attempts: new SharedPinAttempts('run', { folder, pid: child.pid! }),
    end: () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    },
  };
}

const own = (run = 'run'): SharedPinAttempts => new SharedPinAttempts(run, { folder });
const accepted = (): Promise<void> => Promise.resolve();
const refused = (): Promise<void> => Promise.reject(new ByokError('PKCS11_PIN', 'refused'));
const neverCalled = (): Promise<void> => Promise.reject(new Error('a login was tried'));

describe('when several processes of a run log in to a token', () => {
  it('a refused PIN is tried by none of the others', async () => {
    const { attempts } = await another();
    await expect(attempts.attempt(TOKEN, refused)).rejects.toThrowWithCode('PKCS11_PIN');
    await expect(own().attempt(TOKEN, neverCalled)).rejects.toThrowWithCode('PKCS11_PIN');
    await expect(attempts.attempt(TOKEN, neverCalled)).rejects.toThrowWithCode('PKCS11_PIN');
  });

  it('one waits for the other, and tries only if that one was let in', async () => {
    const { attempts } = await another();
    const log: string[] = [];
    let answer: (error?: Error) => void = () => undefined;
    const first = attempts.attempt(TOKEN, () => {
      log.push('first begins');
      return new Promise((resolve, reject) => {
        answer = (error) => {
          log.push('first ends');
          if (error === undefined) resolve();
          else reject(error);
        };
      });
    });
    const second = own().attempt(TOKEN, () => {
      log.push('second');
      return Promise.resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    answer();
    await Promise.all([first, second]);
    expect(log).toEqual(['first begins', 'first ends', 'second']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('eight that begin at once try a wrong PIN once', async () => {
    const tried: number[] = [];
    const all = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const { attempts } = await another();
        return attempts
          .attempt(TOKEN, () => {
            tried.push(index);
            return refused();
          })
          .catch((error: unknown) => (error as ByokError).code);
      }),
    );
    expect(all).toEqual(Array(8).fill('PKCS11_PIN'));
    expect(tried).toHaveLength(1);
  });

  it.each([
    ['the step has no time left', 'TIMEOUT', () => AbortSignal.timeout(1)],
    [
      'the run is cancelled',
      'CANCELLED',
      () => AbortSignal.abort(new ByokError('CANCELLED', 'cancelled')),
    ],
  ] as const)('one that waits for the other ends when %s', async (_what, code, signal) => {
    const { attempts } = await another();
    let answer: () => void = () => undefined;
    const first = attempts.attempt(TOKEN, () => new Promise((resolve) => (answer = resolve)));
    await expect(own().attempt(TOKEN, neverCalled, signal())).rejects.toThrowWithCode(code);
    answer();
    await first;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('another error than a refusal stops nobody', async () => {
    const { attempts } = await another();
    const broken = attempts.attempt(TOKEN, () => Promise.reject(new Error('broken')));
    await expect(broken).rejects.toThrow('broken');
    await expect(own().attempt(TOKEN, accepted)).resolves.toBeUndefined();
  });

  it('another token and another run are not concerned', async () => {
    const { attempts } = await another();
    await expect(attempts.attempt(TOKEN, refused)).rejects.toThrowWithCode('PKCS11_PIN');
    await expect(own().attempt('another token', accepted)).resolves.toBeUndefined();
    await expect(own('another run').attempt(TOKEN, accepted)).resolves.toBeUndefined();
  });

  it('a refusal ends with its process, so that the next run can try a corrected PIN', async () => {
    const { attempts, end } = await another();
    await expect(attempts.attempt(TOKEN, refused)).rejects.toThrowWithCode('PKCS11_PIN');
    await end();
    await expect(own().attempt(TOKEN, accepted)).resolves.toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a process that ended while it tried does not keep the others waiting', async () => {
    const { attempts, end } = await another();
    void attempts.attempt(TOKEN, () => new Promise(() => undefined));
    await end();
    await expect(own().attempt(TOKEN, accepted)).resolves.toBeUndefined();
  });

  it('the record has no more than the number of a process and the outcome', async () => {
    await expect(own().attempt(TOKEN, refused)).rejects.toThrowWithCode('PKCS11_PIN');
    const [name = ''] = readdirSync(folder);
    expect(name).toMatch(/^pin-[0-9a-f]{32}$/);
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(
      new RegExp(`^${process.pid} \\d* refused$`),
    );
  });

  it('where the folder cannot be used, each process tries on its own', async () => {
    writeFileSync(folder, 'a file in its place');
    await expect(own().attempt(TOKEN, accepted)).resolves.toBeUndefined();
    rmSync(folder);
    mkdirSync(folder, { mode: 0o777 });
    await expect(own().attempt(TOKEN, refused)).rejects.toThrowWithCode('PKCS11_PIN');
  });
});

describeWithCompiledModule('when several provider processes have a wrong PIN', () => {
  it('the token sees one login', async () => {
    const hsm = new SoftHsm(['keys'], parent);
    hsm.generate('AES:32', { token: 'keys', label: 'root' });
    const module = compileShim(hsm.folder);
    const log = join(hsm.folder, 'logins');
    const program = {
      keyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      material: {
        pkcs11: {
          module,
          tokenLabel: 'keys',
          keyLabel: 'root',
          pin: { env: 'HSM_PIN' },
          passEnvironment: ['SHIM_LOG'],
        },
      },
    };
    const engine = createServer();
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
    const { port } = engine.address() as AddressInfo;
    const env = { ...hsm.env, HSM_PIN: '9999', SHIM_LOG: log, PULUMI_HOME: parent };
    const lines = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const args = [PROGRAM, `127.0.0.1:${port}`, JSON.stringify({ program })];
        const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
        others.push(child);
        const [line] = (await once(child.stdout, 'data')) as [Buffer];
        return codeAtEnd(line.toString().trim());
      }),
    );
    engine.close();
    expect(lines).toEqual(['PKCS11_PIN', 'PKCS11_PIN', 'PKCS11_PIN']);
    expect(readFileSync(log, 'utf8')).toBe('login\n');
  });
});
