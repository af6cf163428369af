import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { clientOf, createKey, CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { MISSING_FOR_HSM } from '../support/describe-with-soft-hsm';
import { SOFTHSM_MODULE, SoftHsm } from '../support/soft-hsm';

jest.setTimeout(120_000);

const PROGRAM = join(__dirname, '..', 'support', 'import-and-wait.js');

let hsm: SoftHsm;
let kms: EmbeddedKms;
let value: Buffer;
let importer: ChildProcess | undefined;

beforeAll(async () => {
  hsm = new SoftHsm(['keys']);
  kms = await startKms();
  // A twin that can be read, with which another tool reads the value of the key that cannot be.
  hsm.generate('AES:32', { token: 'keys', label: 'twin', id: '01', isSensitive: false });
  const file = join(hsm.folder, 'twin.bin');
  hsm.tool('keys', '--read-object', '--type', 'secrkey', '--label', 'twin', '--output-file', file);
  value = readFileSync(file);
  rmSync(file);
  hsm.writeAesKey(value, { token: 'keys', label: 'root', id: '02' });
});

afterEach(() => {
  importer?.kill('SIGKILL');
  for (const name of coresIn(hsm.folder)) rmSync(join(hsm.folder, name));
});

afterAll(async () => {
  await kms.close();
  hsm.remove();
});

/** Imports the key, with core files of any size, and returns the processes of the provider and of the module. */
async function importing(): Promise<{ readonly provider: number; readonly module: number }> {
  const client = clientOf(kms);
  const program = {
    keyId: await createKey(client),
    connection: { region: 'eu-west-1', endpoint: kms.url },
    material: {
      pkcs11: {
        module: SOFTHSM_MODULE,
        tokenLabel: 'keys',
        keyLabel: 'root',
        pin: { env: 'HSM_PIN' },
      },
    },
  };
  client.destroy();
  importer = spawn(
    'sh',
    ['-c', 'ulimit -c unlimited && exec "$0" "$@"', process.execPath, PROGRAM].concat(
      new URL(kms.url).host,
      JSON.stringify({ program }),
    ),
    {
      cwd: hsm.folder,
      env: {
        ...hsm.env,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(importer.stdout!, 'data')) as [Buffer];
  expect(line.toString()).toBe('IMPORTED\n');
  const provider = importer.pid!;
  const [module = ''] = readFileSync(`/proc/${provider}/task/${provider}/children`, 'utf8').split(
    ' ',
  );
  return { provider, module: Number(module) };
}

/** Aborts a process, and returns its core file. */
async function coreOf(pid: number): Promise<Buffer> {
  process.kill(pid, 'SIGABRT');
  for (let tries = 0; tries < 100; tries += 1) {
    const [name] = coresIn(hsm.folder);
    // The kernel is at work as long as the process is there.
    if (name !== undefined && !isRunning(pid)) return readFileSync(join(hsm.folder, name));
    await sleep(100);
  }
  throw new Error('no core file was written');
}

function coresIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^core(?:\.\d+)?$/.test(name));
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The forms of the value that a core has. */
function formsIn(core: Buffer): string[] {
  const forms = { bytes: value, hex: value.toString('hex'), base64: value.toString('base64') };
  return Object.entries(forms).flatMap(([form, text]) => (core.includes(text) ? [form] : []));
}

/** Returns the memory of a process that a core file would have: the kernel gives it to the parents of the process. */
function memoryOf(pid: number): Buffer {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const regions = readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/^(\w+)-(\w+) rw/gm);
  const parts = Array.from(regions, ([, from = '', to = '']) => {
    const start = BigInt(`0x${from}`);
    const part = Buffer.alloc(Number(BigInt(`0x${to}`) - start));
    try {
      readSync(memory, part, { position: start });
    } catch {
      // A device has no memory.
    }
    return part;
  });
  closeSync(memory);
  return Buffer.concat(parts);
}

/** Whether the kernel writes core files into the folder of a process. Elsewhere a program of the system takes them. */
const WRITES_CORES =
  process.platform === 'linux' &&
  /^core\b[^/|]*$/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim()) &&
  spawnSync('sh', ['-c', 'ulimit -c unlimited']).status === 0;

describeUnless(MISSING_FOR_HSM)('when a key of a token was imported', () => {
  it('the memory of the provider does not have the value of the key', async () => {
    const { provider } = await importing();
    const memory = memoryOf(provider);
    expect(memory.includes(hsm.pin)).toBe(true);
    expect(formsIn(memory)).toEqual([]);
  });

  it('the process of the module keeps its memory out of core files', async () => {
    const { module } = await importing();
    expect(readFileSync(`/proc/${module}/coredump_filter`, 'utf8').trim()).toBe('00000000');
    expect(memoryOf(module).includes(hsm.pin)).toBe(true);
  });

  if (!WRITES_CORES) return;

  it('the core of the provider has memory, and the value of the key is not in it', async () => {
    const { provider } = await importing();
    const core = await coreOf(provider);
    expect(core.includes(hsm.pin)).toBe(true);
    expect(formsIn(core)).toEqual([]);
  });

  it('the core of the module has no memory, so neither the PIN nor the key', async () => {
    const { module } = await importing();
    const core = await coreOf(module);
    expect(core.subarray(1, 4).toString()).toBe('ELF');
    expect(core.includes(hsm.pin)).toBe(false);
    expect(formsIn(core)).toEqual([]);
  });

  it('the core of the module would have the PIN if the process had not kept its memory out', async () => {
    const { module } = await importing();
    writeFileSync(`/proc/${module}/coredump_filter`, '33');
    expect((await coreOf(module)).includes(hsm.pin)).toBe(true);
  });
});
