import type { KMSClient } from '@aws-sdk/client-kms';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, works } from '../../../packages/embedded-kms/test/support/kms-key';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';

jest.setTimeout(60_000);
useEmbeddedCredentials();

const ROOT = join(__dirname, '..', '..', '..');
const NAME = 'kms-byok-offline.js';

const inFolder = temporaryFolder();
const BUNDLE = inFolder('bundle.json');
const stick = (name: string): string => inFolder('stick', name);
const namespaces = spawnSync('unshare', ['-rn', 'true']).status === 0;

let kms: EmbeddedKms;
let client: KMSClient;
let keyArn: string;

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
  keyArn = await createKey(client);
  await runCli(['params', '--endpoint-url', kms.url, '--key-id', keyArn, '--out', BUNDLE]);
  await runCli(['offline', '--out', inFolder('stick')]);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

/** Runs the file in a folder without packages, where possible without a network. */
function offline(...args: string[]) {
  const command = [...(namespaces ? ['unshare', '-rn'] : []), process.execPath, NAME, ...args];
  const env = { PATH: process.env.PATH };
  return spawnSync(command[0]!, command.slice(1), {
    cwd: inFolder('stick'),
    encoding: 'utf8',
    env,
  });
}

describe('when the offline program is written', () => {
  it('its SHA-256 is printed, and it is a single file', async () => {
    const folder = inFolder('another');
    const { code, stdout } = await runCli(['offline', '--out', folder, '--json']);
    expect(code).toBe(0);
    const { file, sha256 } = JSON.parse(stdout) as Record<'file' | 'sha256', string>;
    expect(file).toBe(join(folder, NAME));
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(sha256);
    expect((await runCli(['offline', '--out', folder])).stderr).toContain('[FILE_EXISTS]');
    expect((await runCli(['offline', '--out', join(file, 'x')])).stderr).toContain('[FILE_ACCESS]');
  });

  it('another build of it has the same bytes', () => {
    const again = inFolder('again.js');
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'offline', 'bundle.mjs'), again], {
      cwd: inFolder('stick'),
    });
    expect(readFileSync(again)).toEqual(readFileSync(stick(NAME)));
  });

  it('it can reach no network, no AWS and no other file of a package', () => {
    const text = readFileSync(stick(NAME), 'utf8');
    const required = Array.from(text.matchAll(/\brequire\("([^"]+)"\)/g), ([, name]) => name!);
    expect([...new Set(required)].sort()).toEqual([
      ...[
        'node:buffer',
        'node:child_process',
        'node:crypto',
        'node:events',
        'node:fs',
        'node:fs/promises',
      ],
      ...['node:path', 'node:process', 'node:timers/promises', 'node:util'],
    ]);
    expect(text).not.toMatch(/@aws-sdk|@smithy|\bfetch\(|process\.binding/);
  });
});

describe('when people wrap with it on a machine without packages and without a network', () => {
  it('the result imports, and the fingerprint is that of kms-byok', async () => {
    writeFileSync(stick('material.bin'), randomBytes(32), { mode: 0o600 });
    writeFileSync(stick('bundle.json'), readFileSync(BUNDLE));
    const material = ['--material', 'file:material.bin'];
    const files = ['--bundle', 'bundle.json', ...material];
    const wrap = offline('wrap', ...files, '--out', 'wrapped.json', '--json');
    expect(wrap).toMatchObject({ status: 0, stderr: '' });
    const { wrappedId, materialFingerprint } = JSON.parse(wrap.stdout) as Record<string, string>;

    const verify = offline('verify', ...files, '--wrapped', 'wrapped.json', '--json');
    expect(verify).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(verify.stdout)).toMatchObject({ wrappedId, keyArn, materialFingerprint });
    const own = offline('fingerprint', '--key-id', keyArn, ...material);
    expect(own.stdout.trim()).toBe(materialFingerprint);

    const imported = await runCli([
      ...['import', '--endpoint-url', kms.url, '--bundle', BUNDLE],
      ...['--wrapped', stick('wrapped.json'), '--wrapped-id', wrappedId!],
    ]);
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(await works(client, keyArn)).toBe(true);
  });

  it('other material than the wrapped one is refused', () => {
    writeFileSync(stick('other.bin'), randomBytes(32), { mode: 0o600 });
    const files = ['--bundle', 'bundle.json', '--wrapped', 'wrapped.json'];
    const { status, stderr } = offline('verify', ...files, '--material', 'file:other.bin');
    expect(status).toBe(1);
    expect(stderr).toContain('[BUNDLE_MISMATCH]');
  });

  it.each([
    '{"ssmParameter":{"name":"root"}}',
    '{"secretsManager":{"secretId":"root"}}',
    '{"pkcs11":{"module":"/lib/x.so","tokenLabel":"t","keyLabel":"k"}}',
  ])('the source %s is refused', (source) => {
    mkdirSync(stick('refused'), { recursive: true });
    const files = ['--bundle', 'bundle.json', '--out', 'refused/wrapped.json'];
    const { status, stderr } = offline('wrap', ...files, '--material', source);
    expect(status).toBe(1);
    expect(stderr).toContain('[MATERIAL_SOURCE]');
    expect(() => statSync(stick('refused/wrapped.json'))).toThrow('ENOENT');
  });

  it('--version is that of the package, and --help names no option of an HSM', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(offline('--version').stdout.trim()).toBe(version);
    expect(offline('wrap', '--help').stdout).not.toMatch(/--token|--pin/);
  });
});
