import { CreateKeyCommand, DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  IMPORTABLE_KEY_SPECS,
  materialKind,
  chooseWrapping,
  WRAPPING_ALGORITHMS,
} from '../../../src/domain/key-specs';
import { identifier, parseBundle, parseWrapped } from '../../../src/material/bundle';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, createKey, works } from '../../../packages/embedded-kms/test/support/kms-key';
import { writeDocumentedScript } from '../../support/documented-script';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'dist', 'cli', 'bin.js');
const START = new Date('2030-01-01T00:00:00Z');

useEmbeddedCredentials();
const inFolder = temporaryFolder();

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  clock = new ManualClock(START);
  kms = await startKms({ clock });
  client = clientOf(kms);
});

beforeEach(() => {
  kms.clearCalls();
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

const run = (command: string, ...args: string[]) =>
  runCli([command, ...args], { now: () => clock.now() });
const online = (command: string, ...args: string[]) =>
  run(command, '--endpoint-url', kms.url, ...args);
/** The ID that the people who wrapped the material read out to the people who import it. */
const idOf = (path: string): string => identifier(parseWrapped(readFileSync(path, 'utf8')));
const pairOf = (bundle: string, file: string): string[] => [
  ...['--bundle', bundle, '--wrapped', file, '--wrapped-id', idOf(file)],
];
const operations = (): string[] => kms.calls.map(({ operation }) => operation);

/** Files that the commands wrote next to the bundle. */
const filesBelow = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name !== 'bundle.json')
    .map((name) => ({ name, mode: statSync(join(folder, name)).mode }));

let folders = 0;
function newFolder(): (name: string) => string {
  folders += 1;
  const folder = inFolder(`ceremony-${folders}`);
  mkdirSync(folder);
  return (name) => join(folder, name);
}

/** A ceremony up to its last step. */
async function wrapped(material = randomBytes(32), key?: string) {
  const keyArn = key ?? (await createKey(client));
  const path = newFolder();
  writeFileSync(path('material.bin'), material, { mode: 0o600 });
  await online('params', '--key-id', keyArn, '--out', path('bundle.json'));
  const source = `file:${path('material.bin')}`;
  const files = ['--bundle', path('bundle.json'), '--material', source];
  const wrap = await run('wrap', ...files, '--out', path('wrapped.json'));
  kms.clearCalls();
  const pair = pairOf(path('bundle.json'), path('wrapped.json'));
  return { keyArn, path, material, wrap, pair };
}

describe('when material goes over an air gap', () => {
  it('params, wrap and import bring it into the key, and say the same about it', async () => {
    const keyArn = await createKey(client);
    const path = newFolder();
    const material = randomBytes(32);
    writeFileSync(path('material.bin'), material, { mode: 0o600 });
    const params = await online('params', '--key-id', keyArn, '--out', path('bundle.json'));
    expect(params).toMatchObject({ code: 0, stderr: '' });
    const id = /^id +(\S+)$/m.exec(params.stdout)?.[1];
    expect(params.stdout).toContain('2030-01-02T00:00:00Z');

    const files = ['--bundle', path('bundle.json'), '--out', path('wrapped.json')];
    const wrap = await run('wrap', ...files, '--material', `file:${path('material.bin')}`);
    expect(wrap).toMatchObject({ code: 0, stderr: '' });
    expect(wrap.stdout).toContain(id);
    const fingerprint = /v1:[0-9a-f]{64}/.exec(wrap.stdout)?.[0];

    kms.clearCalls();
    const pair = pairOf(path('bundle.json'), path('wrapped.json'));
    expect(wrap.stdout).toContain(pair.at(-1));
    const imported = await online('import', ...pair, '--valid-for', '90d', '--json');
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(imported.stdout)).toMatchObject({
      keyArn,
      keyState: 'Enabled',
      keyMaterialState: 'CURRENT',
      claimedFingerprint: fingerprint,
      validTo: '2030-04-01T00:00:00Z',
    });
    expect(operations()).not.toContain('GetParametersForImport');
    expect(await works(client, keyArn)).toBe(true);
    for (const text of [params, wrap, imported].map(({ stdout }) => stdout)) {
      expect(searchMaterial(material, Buffer.from(text))).toEqual([]);
    }
    for (const name of ['bundle.json', 'wrapped.json']) {
      expect(searchMaterial(material, readFileSync(path(name)))).toEqual([]);
    }
  });

  it('a command on the machine without a network can wrap', async () => {
    const keyArn = await createKey(client);
    const path = newFolder();
    writeFileSync(path('material.bin'), randomBytes(32), { mode: 0o600 });
    await online('params', '--key-id', keyArn, '--out', path('bundle.json'));
    const script = writeDocumentedScript('wrap-command.md', 'OpenSSL', path(''));
    const source = JSON.stringify({ wrapCommand: [script, path('material.bin')] });
    const files = ['--bundle', path('bundle.json'), '--out', path('wrapped.json')];
    const wrap = await run('wrap', ...files, '--material', source);
    expect(wrap).toMatchObject({ code: 0, stderr: '' });
    expect(wrap.stdout).toMatch(/^fingerprint +v3:[0-9a-f]{64}$/m);
    const pair = pairOf(path('bundle.json'), path('wrapped.json'));
    expect(await online('import', ...pair)).toMatchObject({ code: 0, stderr: '' });
    expect(await works(client, keyArn)).toBe(true);
  });

  it('params says what it fetched and how to wrap it', async () => {
    const path = newFolder();
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    );
    const out = path('bundle.json');
    const { stdout } = await online('params', '--key-id', KeyMetadata!.Arn!, '--out', out);
    const id = /^id +(\S+)$/m.exec(stdout)![1]!;
    const shown = stdout
      .replaceAll(KeyMetadata!.KeyId!, 'KEY')
      .replaceAll(id, 'ID')
      .replaceAll(out, 'bundle.json');
    expect(shown).toMatchSnapshot();
  });

  it('wrap and import say what they made', async () => {
    const { keyArn, path, wrap, pair } = await wrapped();
    const imported = await online('import', ...pair, '--valid-for', '90d');
    const id = /^bundle id +(\S+)$/m.exec(wrap.stdout)![1]!;
    const shown = `${wrap.stdout}\n${imported.stdout}`
      .replaceAll(keyArn.split('/')[1]!, 'KEY')
      .replaceAll(id, 'ID')
      .replaceAll(path(''), '')
      .replace(/v1:[0-9a-f]{64}/g, 'FINGERPRINT')
      .replace(/\b[0-9a-f]{64}\b/g, 'KEY_MATERIAL_ID');
    expect(shown).toMatchSnapshot();
  });

  it('a duration counts from the import, also if the key has the material with an earlier expiry', async () => {
    const { pair } = await wrapped();
    await online('import', ...pair, '--valid-for', '90d');
    clock.advance(3_600_000);
    try {
      const again = await online('import', ...pair, '--valid-for', '90d', '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({ validTo: '2030-04-01T01:00:00Z' });
    } finally {
      clock.set(START);
    }
  });

  it('the instant at which it expires can be given, and a second material be staged', async () => {
    const { keyArn, pair } = await wrapped();
    const first = await online('import', ...pair, '--valid-to', '2030-05-01T00:00:00Z');
    expect(first.stdout).toContain('expires              2030-05-01T00:00:00Z');
    const path = newFolder();
    writeFileSync(path('second.bin'), randomBytes(32));
    await online('params', '--key-id', keyArn, '--out', path('bundle.json'));
    const files = ['--bundle', path('bundle.json'), '--out', path('wrapped.json')];
    await run('wrap', ...files, '--material', `file:${path('second.bin')}`);
    const next = pairOf(path('bundle.json'), path('wrapped.json'));
    const staged = await online('import', ...next, '--import-type', 'NEW_KEY_MATERIAL', '--json');
    expect(JSON.parse(staged.stdout)).toMatchObject({ keyMaterialState: 'PENDING_ROTATION' });
  });
});

describe('when the files of a ceremony are verified', () => {
  const verdictOf = async (keyArn: string, path: (name: string) => string, ...args: string[]) => {
    const ciphertext = path('wrapped.json');
    const files = { bundle: path('bundle.json'), ciphertext, id: idOf(ciphertext) };
    const source = ['--material', JSON.stringify({ wrapped: files })];
    const { stdout } = await online('verify', '--key-id', keyArn, ...source, '--json', ...args);
    return (JSON.parse(stdout) as { readonly verdict: string }).verdict;
  };

  it('a symmetric key is proved by a guarded import with their own token', async () => {
    const { keyArn, path, pair } = await wrapped();
    await online('import', ...pair);
    expect(await verdictOf(keyArn, path)).toBe('unproved');
    kms.clearCalls();
    expect(await verdictOf(keyArn, path, '--reimport')).toBe('same');
    expect(operations()).not.toContain('GetParametersForImport');
  });

  it('a key that is proved by bytes is not, for the files show none', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const keyArn = KeyMetadata!.Arn!;
    const { path, pair } = await wrapped(randomBytes(32), keyArn);
    await online('import', ...pair);
    expect(await verdictOf(keyArn, path, '--reimport')).toBe('unproved');
  });
});

describe('when the material is wrapped on a machine without a network', () => {
  /** Fails on any attempt to reach a network, and reports which modules were loaded. */
  const GUARD = `
    for (const name of ['net', 'dgram', 'dns']) {
      const module = require('node:' + name);
      const refuse = () => { throw new Error('a socket was opened'); };
      if (name === 'net') module.Socket.prototype.connect = refuse;
      if (name === 'dgram') module.createSocket = refuse;
      if (name === 'dns') module.lookup = refuse;
    }
    process.on('exit', () => {
      const loaded = Object.keys(require.cache).filter((path) => /@aws-sdk|@smithy|testing/.test(path));
      process.stderr.write('loaded:' + JSON.stringify(loaded) + '\\n');
    });`;

  const namespaces = spawnSync('unshare', ['-rn', 'true']).status === 0;
  if (!namespaces) {
    console.log(
      'no network namespaces here (unshare -rn): sockets are forbidden in the process instead',
    );
  }

  it('it loads no AWS SDK and opens no socket, and the result imports', async () => {
    const keyArn = await createKey(client);
    const path = newFolder();
    writeFileSync(path('guard.js'), GUARD);
    writeFileSync(path('material.bin'), randomBytes(32), { mode: 0o600 });
    await online('params', '--key-id', keyArn, '--out', path('bundle.json'));
    const files = ['--bundle', path('bundle.json'), '--out', path('wrapped.json')];
    const command = [
      ...(namespaces ? ['unshare', '-rn'] : []),
      ...[process.execPath, '--require', path('guard.js'), BIN, 'wrap', ...files],
      ...['--material', `file:${path('material.bin')}`],
    ];
    if (namespaces) {
      const interfaces = execFileSync('unshare', ['-rn', 'cat', '/proc/net/dev'], {
        encoding: 'utf8',
      });
      expect(interfaces.match(/^\s*\w+:/gm)).toEqual(['    lo:']);
    }
    const ended = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
    expect(ended).toMatchObject({ status: 0, stderr: 'loaded:[]\n' });

    const pair = pairOf(path('bundle.json'), path('wrapped.json'));
    expect((await online('import', ...pair)).code).toBe(0);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('a source in AWS is refused', async () => {
    const { path } = await wrapped();
    const files = ['--bundle', path('bundle.json'), '--out', path('again.json')];
    const ended = await run('wrap', ...files, '--material', '{"ssmParameter":{"name":"root"}}');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('[MATERIAL_SOURCE]');
    expect(existsSync(path('again.json'))).toBe(false);
  });

  it('its clock may be wrong: an old bundle is warned of, and import decides', async () => {
    const { path } = await wrapped();
    const files = ['--bundle', path('bundle.json'), '--out', path('again.json')];
    const ended = await runCli(['wrap', ...files, '--material', `file:${path('material.bin')}`], {
      now: () => new Date('2040-01-01T00:00:00Z'),
    });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('warning: by the clock of this machine');
  });
});

describe('when people wrap with OpenSSL', () => {
  const cases = IMPORTABLE_KEY_SPECS.flatMap((keySpec) =>
    WRAPPING_ALGORITHMS.filter((wrappingAlgorithm) => {
      try {
        chooseWrapping(keySpec, { wrappingAlgorithm }, 'eu-west-1');
        return true;
      } catch {
        return false;
      }
    }).map((algorithm) => [keySpec, algorithm] as const),
  );

  it('there is a case for every key spec', () => {
    expect(new Set(cases.map(([keySpec]) => keySpec)).size).toBe(IMPORTABLE_KEY_SPECS.length);
    expect(cases).toHaveLength(36);
  });

  it.each(cases)('the commands for %s and %s make what imports', async (keySpec, algorithm) => {
    const { kind } = materialKind(keySpec);
    const usage = { symmetric: 'ENCRYPT_DECRYPT', hmac: 'GENERATE_VERIFY_MAC' } as const;
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: keySpec,
        KeyUsage: kind === 'symmetric' || kind === 'hmac' ? usage[kind] : 'SIGN_VERIFY',
      }),
    );
    const keyArn = KeyMetadata!.Arn!;
    const path = newFolder();
    const bundle = path('bundle.json');
    const fetched = await online(
      ...(['params', '--key-id', keyArn, '--wrapping-algorithm', algorithm] as const),
      ...['--out', bundle, '--json'],
    );
    const { commands } = JSON.parse(fetched.stdout) as { readonly commands: string[] };
    const shell = spawnSync('sh', ['-eu', '-c', commands.join('\n')], {
      cwd: path('.'),
      encoding: 'utf8',
    });
    expect(shell.status).toBe(0);
    const said = Object.fromEntries(
      shell.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/ (?=[^ ]+$)/)),
    ) as Record<'bundle id' | 'fingerprint' | 'wrapped id', string>;
    const printed = said.fingerprint;
    expect(said['bundle id']).toBe(identifier(parseBundle(readFileSync(bundle, 'utf8'))));
    expect(filesBelow(path('.')).filter(({ mode }) => (mode & 0o077) !== 0)).toEqual([]);

    const material = `file:${path(kind === 'symmetric' || kind === 'hmac' ? 'material.bin' : 'material.der')}`;
    const own = await run('fingerprint', '--key-id', keyArn, '--material', material);
    expect(printed).toBe(own.stdout.trim());

    const sealed = ['--bundle', bundle, '--ciphertext', path('encrypted.bin')];
    const out = path('wrapped.json');
    await run('wrap', ...sealed, '--fingerprint', printed, '--out', out);
    expect(said['wrapped id']).toBe(idOf(out));
    const imported = await online('import', ...pairOf(bundle, out));
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    const proved = await online(
      ...(['verify', '--key-id', keyArn, '--material', material] as const),
      ...(kind === 'symmetric' ? ['--reimport'] : []),
    );
    expect(proved).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('when a token shall wrap a private key with pkcs11-tool', () => {
  it('params refuses, and writes nothing', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    );
    const path = newFolder();
    const bundle = ['--key-id', KeyMetadata!.Arn!, '--out', path('bundle.json')];
    const refused = await online('params', ...bundle, '--recipe', 'pkcs11-tool');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('[WRAPPING_UNSUPPORTED]');
    expect(filesBelow(path('.'))).toEqual([]);
  });
});

describe('when params prints the commands of a recipe', () => {
  it.each([
    ['pkcs11-tool', /kms-byok wrap --bundle bundle\.json --pkcs11 /],
    ['openssl', /kms-byok wrap --bundle bundle\.json --material /],
  ])('those of %s name the material where it is', async (recipe, command) => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const bundle = ['--key-id', KeyMetadata!.Arn!, '--out', newFolder()('bundle.json')];
    const { stdout } = await online('params', ...bundle, '--recipe', recipe);
    expect(stdout).toMatch(command);
  });
});

describe('when the carrier of the files exchanges them', () => {
  /** Other bytes, wrapped by the public key of the bundle, with the honest fingerprint beside them. */
  async function exchanged() {
    const honest = await wrapped();
    const { path } = honest;
    const { materialFingerprint } = parseWrapped(readFileSync(path('wrapped.json'), 'utf8'));
    writeFileSync(path('evil.bin'), randomBytes(32));
    const bundle = ['--bundle', path('bundle.json')];
    await run(
      ...(['wrap', ...bundle, '--material', `file:${path('evil.bin')}`] as const),
      ...['--out', path('evil-wrapped.json')],
    );
    const evil = parseWrapped(readFileSync(path('evil-wrapped.json'), 'utf8'));
    writeFileSync(path('evil.enc'), Buffer.from(evil.encryptedKeyMaterial, 'base64'));
    await run(
      ...(['wrap', ...bundle, '--ciphertext', path('evil.enc')] as const),
      ...['--fingerprint', materialFingerprint, '--out', path('forged.json')],
    );
    const files = [...bundle, '--wrapped', path('forged.json')];
    kms.clearCalls();
    return { ...honest, files, honestId: idOf(path('wrapped.json')) };
  }

  it('the import is refused by the id that the people who wrapped gave, before any call', async () => {
    const { files, honestId } = await exchanged();
    const ended = await online('import', ...files, '--wrapped-id', honestId);
    expect([ended.code, operations()]).toEqual([1, []]);
    expect(ended.stderr).toContain('[WRAPPED_ID]');
  });

  it('an import without an id is refused where nobody can be asked', async () => {
    const { files } = await exchanged();
    const ended = await online('import', ...files);
    expect([ended.code, operations()]).toEqual([1, []]);
    expect(ended.stderr).toContain('[WRAPPED_ID]');
  });

  it('a person at the terminal is asked, and the answer counts', async () => {
    const { files, honestId, pair } = await exchanged();
    const answer = { now: () => clock.now(), ask: () => Promise.resolve(` ${honestId}\n`) };
    const at = ['import', '--endpoint-url', kms.url];
    const refused = await runCli([...at, ...files], answer);
    expect(refused.stderr).toContain('[WRAPPED_ID]');
    expect(operations()).toEqual([]);
    expect(await runCli([...at, ...pair.slice(0, 4)], answer)).toMatchObject({ code: 0 });
  });

  it('a fingerprint that nobody checked is called claimed', async () => {
    const { path, pair } = await exchanged();
    const forged = ['--ciphertext', path('evil.enc'), '--fingerprint', `v1:${'0'.repeat(64)}`];
    const files = ['--bundle', path('bundle.json'), ...forged, '--out', path('claimed.json')];
    expect((await run('wrap', ...files)).stdout).toMatch(/^claimed fingerprint +v1:0{64}$/m);
    const { stdout } = await online('import', ...pair);
    expect(stdout).toMatch(/^claimed fingerprint +v1:/m);
    expect(stdout).not.toMatch(/^fingerprint/m);
  });
});

describe('when a ceremony goes wrong', () => {
  const refused = async (code: string, ...args: string[]) => {
    kms.clearCalls();
    const ended = await online('import', ...args);
    expect([ended.code, ended.stdout, operations()]).toEqual([1, '', []]);
    expect(ended.stderr).toContain(`[${code}]`);
  };

  it('an expired bundle is refused before any call', async () => {
    const { pair } = await wrapped();
    clock.advance(24 * 3_600_000);
    await refused('BUNDLE_EXPIRED', ...pair);
  });

  it('files of two ceremonies are refused before any call', async () => {
    const [one, other] = [await wrapped(), await wrapped()];
    await refused(
      'BUNDLE_MISMATCH',
      ...pairOf(one.path('bundle.json'), other.path('wrapped.json')),
    );
  });

  it('a file that was edited is refused before any call', async () => {
    const { path, pair, keyArn } = await wrapped();
    const other = await createKey(client);
    const text = readFileSync(path('bundle.json'), 'utf8');
    writeFileSync(path('bundle.json'), text.replace(keyArn, other));
    await refused('BUNDLE_TAMPERED', ...pair);
  });

  it('exchanged files are refused before any call', async () => {
    const { path } = await wrapped();
    await refused(
      'BUNDLE_FORMAT',
      ...['--bundle', path('wrapped.json'), '--wrapped', path('bundle.json')],
    );
  });

  it('a date that KMS would refuse is refused before any call', async () => {
    const { pair } = await wrapped();
    await refused('VALID_TO_PAST', ...pair, '--valid-to', '2029-01-01T00:00:00Z');
    await refused('VALIDITY_TOO_LONG', ...pair, '--valid-for', '366d');
    await refused('SYMMETRIC_ONLY', ...(await wrappedHmac()), '--description', 'text');
  });

  async function wrappedHmac(): Promise<string[]> {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const path = newFolder();
    writeFileSync(path('material.bin'), randomBytes(32), { mode: 0o600 });
    await online('params', '--key-id', KeyMetadata!.Arn!, '--out', path('bundle.json'));
    const files = ['--bundle', path('bundle.json'), '--out', path('wrapped.json')];
    await run('wrap', ...files, '--material', `file:${path('material.bin')}`);
    return pairOf(path('bundle.json'), path('wrapped.json'));
  }

  it('material that does not fit is not wrapped', async () => {
    const { path } = await wrapped();
    writeFileSync(path('short.bin'), randomBytes(31));
    const files = ['--bundle', path('bundle.json'), '--out', path('again.json')];
    const ended = await run('wrap', ...files, '--material', `file:${path('short.bin')}`);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('[MATERIAL_LENGTH]');
    expect(existsSync(path('again.json'))).toBe(false);
  });

  it.each([
    ['no material', []],
    ['both', ['--material', 'env:X', '--ciphertext', 'x', '--fingerprint', 'v1:0']],
    ['a ciphertext without its fingerprint', ['--ciphertext', 'x']],
  ])('%s is refused', async (_what, args) => {
    const { path } = await wrapped();
    const files = ['--bundle', path('bundle.json'), '--out', path('again.json')];
    const ended = await run('wrap', ...files, ...args);
    expect(ended.stderr).toContain('[MATERIAL_SOURCE]');
    expect(existsSync(path('again.json'))).toBe(false);
  });

  it('a ciphertext of another length, and a fingerprint that is none, are refused', async () => {
    const { path } = await wrapped();
    writeFileSync(path('other.bin'), randomBytes(100));
    const files = ['--bundle', path('bundle.json'), '--out', path('again.json')];
    const cipher = ['--ciphertext', path('other.bin'), '--fingerprint'];
    const long = await run('wrap', ...files, ...cipher, `v1:${'0'.repeat(64)}`);
    expect(long.stderr).toContain('[WRAPPED_LENGTH]');
    const none = await run('wrap', ...files, ...cipher, 'v1:0');
    expect(none.stderr).toContain('[BUNDLE_FORMAT]');
    const other = await run('wrap', ...files, ...cipher, `v2:${'0'.repeat(64)}`);
    expect(other.stderr).toContain('[BUNDLE_MISMATCH]');
    expect(existsSync(path('again.json'))).toBe(false);
  });

  it('a key of another origin gets no bundle, and no file is written over', async () => {
    const path = newFolder();
    const own = await createKey(client, 'AWS_KMS');
    const ended = await online('params', '--key-id', own, '--out', path('bundle.json'));
    expect(ended.stderr).toContain('[KEY_ORIGIN]');
    expect(operations()).not.toContain('GetParametersForImport');
    expect(existsSync(path('bundle.json'))).toBe(false);

    writeFileSync(path('bundle.json'), 'mine');
    kms.clearCalls();
    const keyArn = await createKey(client);
    kms.clearCalls();
    const again = await online('params', '--key-id', keyArn, '--out', path('bundle.json'));
    expect(again.stderr).toContain('[FILE_EXISTS]');
    expect(operations()).toEqual([]);
    expect(readFileSync(path('bundle.json'), 'utf8')).toBe('mine');
  });

  it.each([
    ['the hashes that OpenSSL takes by default', []],
    ['another MGF1 hash, as Java takes it', ['rsa_oaep_md:sha256', 'rsa_mgf1_md:sha1']],
  ])('of a ciphertext with %s, the hash is named as the first cause', async (_what, options) => {
    const { path, material } = await wrapped();
    const { publicKey } = parseBundle(readFileSync(path('bundle.json'), 'utf8'));
    writeFileSync(path('wrapping-key.der'), Buffer.from(publicKey, 'base64'));
    const padding = ['rsa_padding_mode:oaep', ...options].flatMap((each) => ['-pkeyopt', each]);
    const key = ['-inkey', path('wrapping-key.der'), '-keyform', 'DER', '-pubin'];
    execFileSync('openssl', [
      ...['pkeyutl', '-encrypt', '-out', path('openssl.bin'), ...key, ...padding],
      ...['-in', path('material.bin')],
    ]);
    expect(readFileSync(path('material.bin')).equals(material)).toBe(true);
    const files = ['--bundle', path('bundle.json'), '--out', path('openssl.json')];
    const claimed = ['--fingerprint', `v1:${'0'.repeat(64)}`];
    await run('wrap', ...files, '--ciphertext', path('openssl.bin'), ...claimed);
    const ended = await online('import', ...pairOf(path('bundle.json'), path('openssl.json')));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('[IMPORT_PARAMETERS_REFUSED]');
    expect(ended.stderr.indexOf('OAEP hash')).toBeGreaterThan(0);
    expect(ended.stderr.indexOf('OAEP hash')).toBeLessThan(ended.stderr.indexOf('import token'));
  });

  it('KMS refuses what is no material of this key, and the key stays as it was', async () => {
    const { keyArn, path, pair } = await wrapped();
    const sealed = ['--bundle', path('bundle.json'), '--ciphertext', path('other.bin')];
    writeFileSync(path('other.bin'), randomBytes(512));
    const out = path('other.json');
    await run('wrap', ...sealed, '--fingerprint', `v1:${'0'.repeat(64)}`, '--out', out);
    const ended = await online('import', ...pairOf(path('bundle.json'), out));
    expect(ended.code).toBe(1);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
    expect(KeyMetadata?.KeyState).toBe('PendingImport');
    expect((await online('import', ...pair)).code).toBe(0);
  });
});
