import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint } from '../../../src/domain/fingerprint';
import { wrappingKey } from '../../support/kms-wrapping-key';
import { KEY, KEY_ARN, Run } from '../../support/open-token';
import { describeWithCompiledModule } from '../../support/describe-with-soft-hsm';
import { compileShim, SoftHsm } from '../../support/soft-hsm';

let hsm: SoftHsm;
let shim: string;
const runs: Run[] = [];
const value = randomBytes(32);
const AES = { keyLabel: 'aes', passEnvironment: ['SHIM', 'SHIM_LOG'] };

beforeAll(() => {
  hsm = new SoftHsm(['one']);
  hsm.writeAesKey(value, { token: 'one', label: 'aes' });
  shim = compileShim(hsm.folder);
});

afterAll(() => {
  for (const run of runs) run.close();
  hsm.remove();
});

/** A run with the module that misbehaves, and the number of logins that it tried. */
function misbehaving(
  words: string,
  { timeLimit, env = {} }: { timeLimit?: number; env?: NodeJS.ProcessEnv } = {},
) {
  const log = join(hsm.folder, `logins-${runs.length}`);
  const run = new Run(hsm, {
    env: { SHIM: words, SHIM_LOG: log, SHIM_PIN: hsm.pin, ...env },
    timeLimit,
  });
  runs.push(run);
  return {
    open: (declared: Parameters<Run['open']>[0] = {}) =>
      run.open({ module: shim, ...AES, ...declared }),
    logins: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0),
  };
}

describeWithCompiledModule('when a token wants a login', () => {
  it('many keys at once take one login', async () => {
    const { open, logins } = misbehaving('');
    await Promise.all(Array.from({ length: 8 }, () => open()));
    expect(logins()).toBe(1);
  });

  it('a wrong PIN is tried once, by however many keys', async () => {
    const { open, logins } = misbehaving('', { env: { HSM_PIN: '9999' } });
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => open()));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { code: 'PKCS11_PIN' } });
    await expect(open({ pin: { file: pinFile(hsm.pin) } })).rejects.toThrowWithCode('PKCS11_PIN');
    expect(logins()).toBe(1);
  });

  it.each(['final-try', 'locked'])('no login is tried when the token says %s', async (flag) => {
    const { open, logins } = misbehaving(flag);
    await expect(open()).rejects.toThrowWithCode('PKCS11_PIN');
    expect(logins()).toBe(0);
  });

  it('no login is tried without a PIN', async () => {
    const { open, logins } = misbehaving('');
    await expect(open({ pin: undefined })).rejects.toThrowWithCode('PKCS11_PIN');
    await expect(open({ pin: { env: 'NOT_SET' } })).rejects.toThrowWithCode('MATERIAL_ENV_UNSET');
    expect(logins()).toBe(0);
  });

  it.each([
    ['fails-login', 'CKR_GENERAL_ERROR', /says nothing about the PIN/],
    ['locks', 'CKR_PIN_LOCKED', /security officer/],
  ])(
    'a login that is refused for another reason is not tried again either (%s)',
    async (...row) => {
      const [word, result, remedy] = row;
      const { open, logins } = misbehaving(word);
      const refused = { code: 'PKCS11_PIN', message: expect.stringContaining(result) as string };
      await expect(open()).rejects.toMatchObject(refused);
      await expect(open()).rejects.toThrow(remedy);
      expect(logins()).toBe(1);
    },
  );

  it.each([
    ['is not UTF-8', Buffer.from([0x31, 0xff, 0x32])],
    ['is longer than any PIN', Buffer.alloc(256, '1')],
  ])('no login is tried with a first line that %s', async (_what, content) => {
    const { open, logins } = misbehaving('');
    await expect(open({ pin: { file: pinFile(content) } })).rejects.toThrowWithCode('PKCS11_PIN');
    expect(logins()).toBe(0);
  });

  it('the command that prints the PIN gets the variables of passEnvironment', async () => {
    const { open } = misbehaving('', { env: { VAULT_OF_PIN: hsm.pin } });
    const pin = { command: ['sh', '-c', 'echo "$VAULT_OF_PIN"'] };
    const passEnvironment = [...AES.passEnvironment, 'VAULT_OF_PIN'];
    await expect(open({ pin, passEnvironment })).resolves.toBeDefined();
    await expect(misbehaving('').open({ pin })).rejects.toThrowWithCode('PKCS11_PIN');
  });

  it('a token with a key pad takes the PIN there', async () => {
    const { open, logins } = misbehaving('keypad');
    const passEnvironment = [...AES.passEnvironment, 'SHIM_PIN'];
    await expect(open({ pin: undefined, passEnvironment })).resolves.toBeDefined();
    expect(logins()).toBe(1);
  });

  it('the PIN comes from the first line of a file or of what a command prints', async () => {
    await expect(
      misbehaving('').open({ pin: { file: pinFile(`${hsm.pin}\r\n#`) } }),
    ).resolves.toBeDefined();
    await expect(
      misbehaving('').open({ pin: { command: ['echo', hsm.pin] } }),
    ).resolves.toBeDefined();
    await expect(misbehaving('').open({ pin: { command: ['false'] } })).rejects.toThrowWithCode(
      'MATERIAL_COMMAND',
    );
  });
});

describeWithCompiledModule('when the source of the PIN gives more or less than a PIN', () => {
  it('the end of a line in a variable is not a part of it', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { open } = misbehaving('', { env: { HSM_PIN: `${hsm.pin}${end}` } });
      await expect(open()).resolves.toBeDefined();
    }
  });

  it('no login is tried with an empty one', async () => {
    const { open, logins } = misbehaving('', { env: { BLANK: '\n' } });
    const sources = [
      { env: 'BLANK' },
      { file: pinFile('') },
      { file: pinFile(`\n${hsm.pin}`) },
      { command: ['true'] },
    ];
    for (const pin of sources) await expect(open({ pin })).rejects.toThrowWithCode('PKCS11_PIN');
    expect(logins()).toBe(0);
  });
});

function pinFile(content: string | Buffer): string {
  const path = join(hsm.folder, 'pin');
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

describeWithCompiledModule('when a token cannot compute all of it', () => {
  it('a key that cannot be hashed is known by a MAC, under a version of its own', async () => {
    const material = await misbehaving('indigestible').open();
    const found = await material.fingerprint(KEY);
    expect(found).toMatch(/^v4:[0-9a-f]{64}$/);
    expect(found.slice(3)).not.toBe(fingerprint(KEY, value).slice(3));
    expect(await (await misbehaving('indigestible').open()).fingerprint(KEY)).toBe(found);
  });

  it('a key that cannot be identified at all is refused', async () => {
    const material = await misbehaving('indigestible no-mac').open();
    await expect(material.fingerprint(KEY)).rejects.toThrowWithCode('PKCS11_IDENTITY');
  });

  it.each(['no-digest', 'half-digest', 'indigestible void-mac'])(
    'a key is not known by less than a whole hash or MAC (%s)',
    async (words) => {
      const material = await misbehaving(words).open();
      await expect(material.fingerprint(KEY)).rejects.toThrowWithCode('PKCS11_ERROR');
    },
  );
});

describeWithCompiledModule('when a module misbehaves', () => {
  it('two keys of one name are refused, also if it shows one at a time', async () => {
    hsm.writeAesKey(randomBytes(32), { token: 'one', label: 'twice', id: '21' });
    hsm.writeAesKey(randomBytes(32), { token: 'one', label: 'twice', id: '22' });
    const { open } = misbehaving('one-by-one');
    await expect(open({ keyLabel: 'twice' })).rejects.toThrowWithCode('PKCS11_KEY');
    await expect(open({ keyLabel: 'twice', keyId: '22' })).resolves.toBeDefined();
  });

  it('a card of another reader that it does not know does not hide the token', async () => {
    await expect(misbehaving('strange-card').open()).resolves.toBeDefined();
    const open = misbehaving('strange-card').open({ tokenLabel: 'gone' });
    await expect(open).rejects.toThrowWithCode('PKCS11_TOKEN');
  });

  it('one that blocks is stopped, and no other question waits for it', async () => {
    const { open } = misbehaving('hang', { timeLimit: 1_500, env: { LC_MARK: 'blocks' } });
    await expect(open()).rejects.toThrowWithCode('PKCS11_MODULE');
    const start = Date.now();
    await expect(open()).rejects.toThrowWithCode('PKCS11_MODULE');
    expect(Date.now() - start).toBeLessThan(1_000);
    await untilNone('LC_MARK=blocks');
  });

  it.each([
    ['blocks', 'forks hang', 'PKCS11_MODULE'],
    ['crashes', 'forks crash', 'PKCS11_MODULE'],
  ] as const)('what one that %s has started is stopped with it', async (_what, words, code) => {
    const mark = randomBytes(8).toString('hex');
    const { open } = misbehaving(words, { timeLimit: 1_500, env: { LC_MARK: mark } });
    await expect(open()).rejects.toThrowWithCode(code);
    await untilNone(`LC_MARK=${mark}`);
  });

  it('what it has started is stopped at the end of the run', async () => {
    const mark = randomBytes(8).toString('hex');
    const run = new Run(hsm, { env: { SHIM: 'forks', LC_MARK: mark } });
    await run.open({ module: shim, ...AES });
    expect(processesOf(`LC_MARK=${mark}`).length).toBeGreaterThan(1);
    run.close();
    await untilNone(`LC_MARK=${mark}`);
  });

  it('one that crashes ends only its own process', async () => {
    const { open, logins } = misbehaving('crash');
    await expect(open()).rejects.toMatchObject({
      code: 'PKCS11_MODULE',
      message: expect.stringContaining('SIGSEGV') as string,
    });
    await expect(open()).rejects.toThrowWithCode('PKCS11_MODULE');
    expect(logins()).toBe(1);
  });

  it.each([
    ['the token was removed', 'removed', 'PKCS11_TOKEN'],
    ['its function fails', 'broken', 'PKCS11_ERROR'],
    ['its ciphertext lacks a byte', 'cut-short', 'WRAPPED_LENGTH'],
  ] as const)('while it wraps, %s, and the import is refused', async (_what, word, code) => {
    const material = await misbehaving(word).open();
    const wrapped = material.wrapFor(wrappingKey('RSAES_OAEP_SHA_1'), {
      keyArn: KEY_ARN,
      keySpec: 'SYMMETRIC_DEFAULT',
      random: randomBytes,
      signal: new AbortController().signal,
    });
    await expect(wrapped).rejects.toThrowWithCode(code);
  });

  it('one that is absent, and a library that is none, are refused', async () => {
    const noModule = join(hsm.folder, 'no-module.so');
    execFileSync('gcc', ['-shared', '-x', 'c', '-o', noModule, '/dev/null']);
    for (const module of [join(hsm.folder, 'absent.so'), noModule, __filename]) {
      await expect(misbehaving('').open({ module })).rejects.toThrowWithCode('PKCS11_MODULE');
    }
  });

  it('without the package, both commands are said', async () => {
    const hide = join(hsm.folder, 'hide.js');
    writeFileSync(
      hide,
      `const m = require('node:module'); const load = m._load; m._load = (name, ...rest) => {
        if (name.includes('pkcs11js')) throw new Error('absent'); return load(name, ...rest); };`,
    );
    const { open } = misbehaving('', { env: { NODE_OPTIONS: `--require ${hide}` } });
    const opened = open({ passEnvironment: ['NODE_OPTIONS'] });
    await expect(opened).rejects.toMatchObject({
      code: 'PACKAGE_MISSING',
      message: expect.stringMatching(/npm install pkcs11js.*npm rebuild pkcs11js/) as string,
    });
  });

  it.each([
    ['blocks', 'hang', 2],
    ['blocks when it is unloaded', 'never-unloads', 2],
    ['has started another and blocks', 'forks hang', 3],
  ])('a process whose module %s ends when its parent is killed', async (_what, SHIM, processes) => {
    const parent = join(hsm.folder, 'parent.js');
    const client = join(__dirname, '../../../dist/material/pkcs11/token-client.js');
    writeFileSync(
      parent,
      `const { TokenClients } = require(${JSON.stringify(client)});
       const client = new TokenClients().of({ module: ${JSON.stringify(shim)}, env: process.env });
       client.ask('login', { token: { label: 'one' }, pin: ${JSON.stringify(hsm.pin)} }).then(() => {
         process.send('in'); client.ask('find', { token: { label: 'one' }, key: { label: 'aes' } }); });
       setInterval(() => {}, 1_000);`,
    );
    const child = fork(parent, [], {
      env: { ...hsm.env, SHIM, MARK: 'orphan' },
      execArgv: [],
    });
    await new Promise((resolve) => child.once('message', resolve));
    await sleep(200);
    expect(processesOf('MARK=orphan')).toHaveLength(processes);
    child.kill('SIGKILL');
    await untilNone('MARK=orphan');
  });
});

describeWithCompiledModule('when other programs look at the process of a module', () => {
  it('neither its arguments nor its environment have the PIN', async () => {
    const env = { LC_MARK: 'looked-at', LC_PIN: hsm.pin };
    const passEnvironment = [...AES.passEnvironment, 'LC_PIN'];
    await misbehaving('', { env }).open({ pin: { env: 'LC_PIN' }, passEnvironment });
    const [pid] = processesOf('LC_MARK=looked-at');
    expect(pid).toBeDefined();
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).not.toContain(hsm.pin);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).not.toContain(hsm.pin);
    // A core dump has no memory in it.
    expect(readFileSync(`/proc/${pid}/coredump_filter`, 'latin1').trim()).toBe('00000000');
  });
});

/** Waits until no process has a text in its environment or arguments. */
async function untilNone(text: string): Promise<void> {
  for (let tries = 0; tries < 50 && processesOf(text).length > 0; tries += 1) await sleep(100);
  expect(processesOf(text)).toEqual([]);
}

/** The processes that have a text in their environment or arguments. */
function processesOf(text: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return false;
    try {
      return ['environ', 'cmdline'].some((file) =>
        readFileSync(`/proc/${name}/${file}`, 'latin1').includes(text),
      );
    } catch {
      return false;
    }
  });
}
