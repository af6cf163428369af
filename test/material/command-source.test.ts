import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseKeyReference } from '../../src/domain/identifiers';
import { commandSource } from '../../src/material/command-source';
import { wrapCommandSource } from '../../src/material/wrap-command-source';
import { ByokError, type ByokErrorCode } from '../../src/errors';

const SECRET = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I=';

const SPAWN_DETACHED =
  "require('node:child_process').spawn('sleep', ['5'], { detached: true, stdio: 'inherit' }).unref()";

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const PUBLIC_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  format: 'der',
  type: 'spki',
});

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-command-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const unused = () => Promise.reject(new Error('no AWS client is needed'));

const run = async (
  argv: readonly string[],
  { limit = 20_000, showStderr = false, signal = new AbortController().signal } = {},
): Promise<Buffer> => {
  const { bytes } = await commandSource.read(
    commandSource.refer({ command: argv }),
    { command: argv, showStderr },
    { env: process.env, connectSecrets: unused, signal, commandTimeLimit: limit },
  );
  return bytes;
};
/** Has a command wrap for a key of RSA_2048. */
const wrapBy = async (
  wrapCommand: readonly string[],
  { limit = 20_000, showStderr = false, signal = new AbortController().signal } = {},
  options: { env?: NodeJS.ProcessEnv; passEnvironment?: readonly string[] } = {},
): Promise<Buffer> => {
  const { env = process.env, passEnvironment } = options;
  const declared = { wrapCommand, showStderr, passEnvironment };
  const context = { env, connectSecrets: unused, signal, commandTimeLimit: limit };
  const reference = wrapCommandSource.refer(declared);
  const material = await wrapCommandSource.open(reference, declared, context);
  return material.wrapFor(
    { publicKey: PUBLIC_KEY, wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' },
    { keyArn: KEY_ARN, keySpec: 'SYMMETRIC_DEFAULT', random: randomBytes, signal },
  );
};
const sh = (script: string, ...more: string[]): string[] => ['sh', '-c', script, 'sh', ...more];
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that has ended and is not waited for yet is not alive.
    return !/^\d+ \(.*\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};

describe('when a command prints material', () => {
  it('its output is taken as it is, a line end included', async () => {
    expect((await run(sh('printf "a\\nb\\n"'))).toString()).toBe('a\nb\n');
  });

  it('what it writes after it closed nothing and waits for is complete', async () => {
    expect((await run(sh('(sleep 0.2; printf b) & printf a; exit 0'))).toString()).toBe('ab');
  });

  it('no shell looks at the arguments, and there is no input', async () => {
    const output = await run(['printf', '%s', '$HOME; `id` > x']);
    expect(output.toString()).toBe('$HOME; `id` > x');
    expect((await run(['cat'])).length).toBe(0);
  });

  it('the limit of output itself is allowed', async () => {
    expect((await run(sh('head -c 65536 /dev/zero'))).length).toBe(65_536);
  });

  it('its reference has the program and a hash, and no argument', () => {
    const refer = (...command: string[]) => commandSource.refer({ command });
    const reference = refer('vault', 'read', SECRET);
    expect(reference).toEqual({
      kind: 'command',
      program: 'vault',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(refer('vault', 'read', SECRET)).toEqual(reference);
    expect(refer('vault', `read ${SECRET}`)).not.toEqual(reference);
  });
});

describe('when a command runs', () => {
  const basic = {
    PATH: process.env.PATH,
    HOME: '/home/someone',
    https_proxy: 'http://proxy.example:3128',
    LC_ALL: 'C.UTF-8',
    XDG_CONFIG_HOME: '/home/someone/.config',
  };
  const others = {
    ROOT_KEY: SECRET,
    PULUMI_CONFIG_PASSPHRASE: 'correct horse',
    AWS_SECRET_ACCESS_KEY: SECRET,
    LCX: 'other',
    VAULT_TOKEN: 'token',
  };
  const seenWith = async (passEnvironment?: readonly string[]): Promise<Record<string, string>> => {
    const command = [process.execPath, '-p', 'JSON.stringify(process.env)'];
    const { bytes } = await commandSource.read(
      commandSource.refer({ command, passEnvironment }),
      { command, passEnvironment },
      {
        env: { ...basic, ...others },
        connectSecrets: unused,
        signal: new AbortController().signal,
      },
    );
    return JSON.parse(bytes.toString()) as Record<string, string>;
  };

  it('it sees the basic variables, and neither the passphrase of the stack nor material nor a credential', async () => {
    expect(await seenWith()).toEqual(basic);
    expect(await seenWith([])).toEqual(basic);
  });

  it('it also sees the variables that the program names', async () => {
    expect(await seenWith(['VAULT_TOKEN', 'UNSET'])).toEqual({ ...basic, VAULT_TOKEN: 'token' });
  });

  it.each([
    'PULUMI_CONFIG_PASSPHRASE',
    'PULUMI_CONFIG_PASSPHRASE_FILE',
    'Pulumi_Config_Passphrase',
  ])('naming %s is refused', (name) => {
    expect(() =>
      commandSource.refer({ command: ['a'], passEnvironment: ['HOME', name] }),
    ).toThrowWithCode('MATERIAL_SOURCE');
  });
});

describe('when a command wraps material', () => {
  const key = parseKeyReference(KEY_ARN);
  const opened = (...wrapCommand: string[]) =>
    wrapCommandSource.open(
      wrapCommandSource.refer({ wrapCommand }),
      { wrapCommand },
      { env: {}, connectSecrets: unused, signal: new AbortController().signal },
    );

  it('it gets the wrapping key on stdin, and its output is the ciphertext', async () => {
    const file = join(folder, randomUUID());
    const ciphertext = await wrapBy(sh('cat > "$1"; head -c 256 "$1"', file));
    expect(readFileSync(file).equals(PUBLIC_KEY)).toBe(true);
    expect(ciphertext.equals(PUBLIC_KEY.subarray(0, 256))).toBe(true);
  });

  it('its environment says what to wrap for, and has no other variable that nobody named', async () => {
    const file = join(folder, randomUUID());
    const script = `require('node:fs').writeFileSync(process.argv[1], JSON.stringify(process.env));
      process.stdout.write(Buffer.alloc(256));`;
    const env = { PATH: process.env.PATH, KMS_KEY_ARN: 'forged', PIN: '1234', TOKEN: SECRET };
    await wrapBy([process.execPath, '-e', script, file], {}, { env, passEnvironment: ['PIN'] });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      PATH: process.env.PATH,
      PIN: '1234',
      KMS_KEY_ARN: KEY_ARN,
      KMS_KEY_SPEC: 'SYMMETRIC_DEFAULT',
      KMS_WRAPPING_ALGORITHM: 'RSAES_OAEP_SHA_256',
      KMS_WRAPPING_KEY_SPEC: 'RSA_2048',
    });
  });

  it('it need not read the wrapping key', async () => {
    expect(await wrapBy(sh('exec <&-; head -c 256 /dev/zero'))).toHaveLength(256);
  });

  it.each([0, 255, 257, 512])('%d bytes are no ciphertext of its algorithm', async (length) => {
    const wrapped = wrapBy(sh(`cat > /dev/null; head -c ${length} /dev/zero`));
    await expect(wrapped).rejects.toThrowWithCode('WRAPPED_LENGTH');
  });

  it('opening and identifying it runs nothing', async () => {
    const file = join(folder, randomUUID());
    const material = await opened('touch', file);
    material.assertFits('SYMMETRIC_DEFAULT', 'eu-west-1');
    expect(await material.fingerprint(key)).toMatch(/^v3:[0-9a-f]{64}$/);
    material.close();
    expect(existsSync(file)).toBe(false);
  });

  it('the program and every argument identify it', async () => {
    const identity = async (...command: string[]) => (await opened(...command)).fingerprint(key);
    expect(await identity('hsm', 'a')).toBe(await identity('hsm', 'a'));
    expect(await identity('hsm', 'a')).not.toBe(await identity('hsm', 'b'));
    expect(await identity('hsm', 'a')).not.toBe(await identity('hsm a'));
  });

  it('the names of the variables that it gets identify it too, in any order', async () => {
    const wrapCommand = ['hsm'];
    const identity = async (...passEnvironment: string[]) => {
      const declared = { wrapCommand, passEnvironment };
      const context = { env: {}, connectSecrets: unused, signal: new AbortController().signal };
      const reference = wrapCommandSource.refer(declared);
      return (await wrapCommandSource.open(reference, declared, context)).fingerprint(key);
    };
    expect(await identity()).toBe(await (await opened('hsm')).fingerprint(key));
    expect(await identity('A')).not.toBe(await identity());
    expect(await identity('A', 'B')).toBe(await identity('B', 'A', 'B'));
  });

  it('its reference has the program and a hash, and no argument', () => {
    const reference = wrapCommandSource.refer({ wrapCommand: ['hsm', SECRET] });
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(reference).toEqual({ kind: 'wrapCommand', program: 'hsm', sha256 });
  });

  it('the passphrase of the stack is not passed to it', () => {
    expect(() =>
      wrapCommandSource.refer({
        wrapCommand: ['hsm'],
        passEnvironment: ['PULUMI_CONFIG_PASSPHRASE'],
      }),
    ).toThrowWithCode('MATERIAL_SOURCE');
  });

  it('a program that no longer declares it cannot wrap', async () => {
    const context = { env: {}, connectSecrets: unused, signal: new AbortController().signal };
    await expect(
      (async () =>
        wrapCommandSource.open(wrapCommandSource.refer({ wrapCommand: ['hsm'] }), {}, context))(),
    ).rejects.toThrowWithCode('MATERIAL_MISSING');
  });
});

describe.each([
  ['prints material', run],
  ['wraps it', wrapBy],
])('when a command that %s is hostile', (_task, execute) => {
  const cases: [string, string[], ByokErrorCode, { limit?: number }][] = [
    ['hangs', sh('sleep 600'), 'MATERIAL_COMMAND', { limit: 300 }],
    ['floods', ['yes', SECRET], 'MATERIAL_COMMAND', {}],
    ['floods and ignores signals', sh('trap "" TERM; yes'), 'MATERIAL_COMMAND', {}],
    ['exits late', sh('printf x; sleep 600'), 'MATERIAL_COMMAND', { limit: 300 }],
    ['closes stdout early', sh('exec >&-; sleep 600'), 'MATERIAL_COMMAND', { limit: 300 }],
    ['leaves a child with its output', sh('sleep 600 &'), 'MATERIAL_COMMAND', { limit: 300 }],
    [
      'leaves a child in another session with its output',
      [process.execPath, '-e', SPAWN_DETACHED],
      'MATERIAL_COMMAND',
      { limit: 300 },
    ],
    [
      'prints and fails',
      sh('printf "$1"; printf "$1" >&2; exit 3', SECRET),
      'MATERIAL_COMMAND',
      {},
    ],
    ['floods stderr and fails', sh('yes | head -c 3000000 >&2; exit 3'), 'MATERIAL_COMMAND', {}],
    ['is stopped by a signal', sh('kill -9 $$'), 'MATERIAL_COMMAND', {}],
    ['does not exist', ['/nonexistent/program', SECRET], 'MATERIAL_COMMAND', {}],
    ['is a folder', ['/', SECRET], 'MATERIAL_COMMAND', {}],
    ['has a NUL in an argument', ['printf', `${SECRET}\0`], 'MATERIAL_COMMAND', {}],
  ];

  it.each(cases)(
    'one that %s is refused in time, and not quoted',
    async (_what, argv, code, bounds) => {
      const started = Date.now();
      const error: unknown = await execute(argv, bounds).catch((thrown: unknown) => thrown);
      expect(() => {
        throw error;
      }).toThrowWithCode(code);
      expect(Date.now() - started).toBeLessThan(10_000);
      const { message, stack = '', cause } = error as Error;
      expect(`${message}${stack}${JSON.stringify(error)}`).not.toContain(SECRET);
      expect(cause).toBeUndefined();
    },
  );

  it('one that a signal stopped is not said to run still, though its child has its output', async () => {
    const error = await execute(sh('sleep 600 & kill -9 $$'), { limit: 300 }).catch(
      (thrown: unknown) => thrown,
    );
    const leftChild = await execute(sh('sleep 600 &'), { limit: 300 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ByokError);
    expect((error as Error).message).toBe((leftChild as Error).message);
  });

  it('everything that it started is stopped with it', async () => {
    const file = join(folder, randomUUID());
    const script = 'sleep 600 & echo $! > "$1"; sleep 600';
    await expect(execute(sh(script, file), { limit: 500 })).rejects.toThrowWithCode(
      'MATERIAL_COMMAND',
    );
    const pid = Number(readFileSync(file, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    // The signal is sent; the system may take a moment to act on it.
    for (let turns = 0; turns < 10_000 && isAlive(pid); turns += 1) await setImmediate();
    expect(isAlive(pid)).toBe(false);
  });

  it('the end of the operation stops it', async () => {
    await expect(
      execute(sh('sleep 600'), { signal: AbortSignal.timeout(100) }),
    ).rejects.toThrowWithCode('MATERIAL_COMMAND');
    await expect(execute(sh('sleep 600'), { signal: AbortSignal.abort() })).rejects.toThrowWithCode(
      'MATERIAL_COMMAND',
    );
  });

  it('a program with spaces in its name is one program', async () => {
    const file = join(folder, 'touched');
    await expect(execute([`touch ${file}`])).rejects.toThrowWithCode('MATERIAL_COMMAND');
    expect(existsSync(file)).toBe(false);
  });
});

describe.each([
  ['prints material', run],
  ['wraps it', wrapBy],
])('when stderr of a command that %s is to be shown', (_task, execute) => {
  const shown = async (argv: string[], showStderr: boolean): Promise<string[]> => {
    const spy = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      await execute(argv, { showStderr }).catch((error: unknown) => error);
      return spy.mock.calls.map(([line]) => String(line));
    } finally {
      spy.mockRestore();
    }
  };

  it('only its last 2 kB are, and only after a failure', async () => {
    const script = join(folder, 'fails');
    writeFileSync(script, 'head -c 100000 /dev/zero | tr "\\0" "-" >&2; printf END >&2; exit "$1"');
    const [line, ...others] = await shown(['sh', script, '1'], true);
    expect(line).toMatch(/^-{2045}END$/);
    expect(others).toEqual([]);
    expect(await shown(['sh', script, '0'], true)).toEqual([]);
    expect(await shown(['sh', script, '1'], false)).toEqual([]);
  });

  it('the message asks to show it only where it is not shown', async () => {
    const fails = (showStderr: boolean) => execute(['sh', '-c', 'exit 1'], { showStderr });
    await expect(fails(false)).rejects.toThrow('showStderr');
    await expect(fails(true)).rejects.not.toThrow('showStderr');
  });

  it('a terminal sees its control characters, and does not obey them', async () => {
    const script =
      "printf '\\033]0;title\\007\\033[2J\\302\\2331m\\r\\nnext line\\ttab\\r' >&2; exit 1";
    expect(await shown(sh(script), true)).toEqual([
      '\\u001b]0;title\\u0007\\u001b[2J\\u009b1m\nnext line\ttab\\u000d',
    ]);
  });
});
