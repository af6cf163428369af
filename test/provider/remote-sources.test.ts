import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { motoUrl } from '../support/moto';
import { describeWithPython, HAS_PYTHON_PROGRAMS } from '../support/python-programs';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import { ResourceLife, type CheckFailed, type Step } from '../support/resource-life';

const ARGUMENT = 'a-secret-of-the-program';

let kms: EmbeddedKms;
let client: KMSClient;
let folder: string;
let proxy: CountingProxy | undefined;
let life: ResourceLife;
let keyId: string;
let bytes: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'byok-remote-'));
  writeFileSync(join(folder, 'runs'), '');
  kms = await startKms();
  client = clientOf(kms);
  if (HAS_PYTHON_PROGRAMS) proxy = await startCountingProxy(motoUrl());
});

afterAll(async () => {
  client.destroy();
  await kms.close();
  await proxy?.close();
  rmSync(folder, { recursive: true });
});

const newLife = (): ResourceLife =>
  new ResourceLife({
    kms,
    config: {
      'aws:endpoints': JSON.stringify([
        { kms: kms.url, sts: kms.url, secretsmanager: proxy?.url, ssm: proxy?.url },
      ]),
    },
  });

beforeEach(async () => {
  keyId = await createKey(client);
  bytes = randomBytes(32);
  life = newLife();
  kms.clearCalls();
});

const operations = (): string[] => kms.calls.map(({ operation }) => operation);
const settings = () => ({
  region: 'eu-west-1',
  credentials: CREDENTIALS,
  endpoint: motoUrl(),
});

type Declared = Record<string, unknown>;

interface RemoteSource {
  /** Stores bytes under a new reference, and returns that reference for a program. */
  readonly keep: (content: Buffer) => Promise<Declared>;
  /** Other bytes behind the same reference. */
  readonly overwrite: (declared: Declared, content: Buffer) => Promise<void>;
  /** Counts how often the source was run or read. */
  readonly reads: () => number;
  /** Whether a run that does not declare it can read it again. */
  readonly isStored: boolean;
}

const SOURCES: Record<'command' | 'secretsManager' | 'ssmParameter', RemoteSource> = {
  command: {
    keep: (content) => {
      const file = join(folder, randomUUID());
      writeFileSync(file, content);
      const script = 'echo run >> "$1"; cat "$2"';
      return Promise.resolve({
        command: ['sh', '-c', script, 'sh', join(folder, 'runs'), file, ARGUMENT],
      });
    },
    overwrite: ({ command }, content) => {
      writeFileSync((command as string[])[5]!, content);
      return Promise.resolve();
    },
    reads: () => readFileSync(join(folder, 'runs'), 'utf8').split('\n').length - 1,
    isStored: false,
  },
  secretsManager: {
    async keep(content) {
      const secretId = randomUUID();
      const manager = new SecretsManagerClient(settings());
      await manager.send(new CreateSecretCommand({ Name: secretId, SecretBinary: content }));
      manager.destroy();
      return { secretsManager: { secretId } };
    },
    async overwrite({ secretsManager }, content) {
      const { secretId } = secretsManager as { secretId: string };
      const manager = new SecretsManagerClient(settings());
      const { PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
      await manager.send(new PutSecretValueCommand({ SecretId: secretId, SecretBinary: content }));
      manager.destroy();
    },
    reads: () => proxy?.count() ?? 0,
    isStored: true,
  },
  ssmParameter: {
    async keep(content) {
      const declared = { ssmParameter: { name: `/byok/${randomUUID()}` } };
      await this.overwrite(declared, content);
      return declared;
    },
    async overwrite({ ssmParameter }, content) {
      const { name } = ssmParameter as { name: string };
      const ssm = new SSMClient(settings());
      await ssm.send(
        new PutParameterCommand({
          Name: name,
          Value: content.toString('base64'),
          Type: 'SecureString',
          Overwrite: true,
        }),
      );
      ssm.destroy();
    },
    reads: () => proxy?.count() ?? 0,
    isStored: true,
  },
};

for (const kind of Object.keys(SOURCES) as (keyof typeof SOURCES)[]) {
  (kind === 'command' ? describe : describeWithPython)(`when material comes from ${kind}`, () => {
    const source = SOURCES[kind];
    const readsOf = async (what: () => Promise<unknown>): Promise<number> => {
      const before = source.reads();
      await what();
      return source.reads() - before;
    };

    const becomes = async (step: Step, done: Promise<Step>): Promise<void> => {
      expect(await done).toBe(step);
    };

    it('it is read once at the import, and never at preview', async () => {
      const program = { keyId, material: await source.keep(bytes) };
      expect(await readsOf(() => life.preview(program))).toBe(0);
      expect(await readsOf(() => life.up(program))).toBe(1);
      expect(await works(client, keyId)).toBe(true);
      expect(life.outs.materialFingerprint).toMatch(/^v1:[0-9a-f]{64}$/);
      kms.clearCalls();
      expect(await readsOf(() => becomes('same', life.up(program)))).toBe(0);
      expect(kms.calls).toHaveLength(0);
      const state = JSON.stringify([life.inputs, life.outs]);
      expect(state).not.toContain(ARGUMENT);
      expect(life.outs.materialSource).toMatchObject({ kind });
    });

    it('another reference of the same bytes is read, and nothing is imported', async () => {
      await life.up({ keyId, material: await source.keep(bytes) });
      const before = life.outs;
      kms.clearCalls();
      const moved = { keyId, material: await source.keep(bytes) };
      expect(await readsOf(() => becomes('update', life.preview(moved)))).toBe(0);
      expect(await readsOf(() => life.up(moved))).toBe(1);
      expect(operations()).not.toContain('GetParametersForImport');
      expect(life.outs.materialFingerprint).toBe(before.materialFingerprint);
      expect(life.outs.importReceipt).toEqual(before.importReceipt);
      expect(life.outs.materialSource).not.toEqual(before.materialSource);
      expect(await life.up(moved)).toBe('same');
    });

    it('another reference of other bytes is refused before the scarcest call', async () => {
      const program = { keyId, material: await source.keep(bytes) };
      await life.up(program);
      kms.clearCalls();
      const other = { keyId, material: await source.keep(randomBytes(32)) };
      await expect(life.up(other)).rejects.toThrowWithCode('MATERIAL_DIFFERS');
      expect(operations()).not.toContain('GetParametersForImport');
      expect(await works(client, keyId)).toBe(true);
      expect(await life.up(program)).toBe('same');
    });

    it('lost material is read again and heals the key', async () => {
      const program = { keyId, material: await source.keep(bytes) };
      await life.up(program);
      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
      await life.refresh();
      expect(await readsOf(() => becomes('update', life.up(program)))).toBe(1);
      expect(await works(client, keyId)).toBe(true);
    });

    it('lost material is refused if its reference now leads to other bytes', async () => {
      const program = { keyId, material: await source.keep(bytes) };
      await life.up(program);
      await source.overwrite(program.material, randomBytes(32));
      expect(await life.up(program)).toBe('same');
      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
      await life.refresh();
      kms.clearCalls();
      await expect(life.up(program)).rejects.toThrowWithCode('MATERIAL_DIFFERS');
      expect(operations()).not.toContain('GetParametersForImport');
    });

    it('a source that is read at preview may replace it, but only with the same bytes', async () => {
      await life.up({ keyId, material: await source.keep(bytes) });
      kms.clearCalls();
      const other = { keyId, material: { inline: randomBytes(32).toString('base64') } };
      await expect(life.preview(other)).rejects.toThrowWithCode('MATERIAL_DIFFERS');
      expect(await life.up({ keyId, material: { inline: bytes.toString('base64') } })).toBe(
        'update',
      );
      expect(kms.calls).toHaveLength(0);
      expect(await life.up({ keyId, material: await source.keep(bytes) })).toBe('update');
      expect(operations()).not.toContain('GetParametersForImport');
    });

    it('a program that no longer names it keeps what is imported', async () => {
      await life.up({ keyId, material: await source.keep(bytes) });
      expect(await life.up({ keyId })).toBe('same');
      const renewed = life.up({ keyId, keyMaterialDescription: 'renewed' });
      if (source.isStored) await renewed;
      else await expect(renewed).rejects.toThrowWithCode('MATERIAL_MISSING');
      expect(await works(client, keyId)).toBe(true);
    });

    it('another key is a replacement, with any bytes', async () => {
      await life.up({ keyId, material: await source.keep(bytes) });
      const otherKey = await createKey(client);
      const program = { keyId: otherKey, material: await source.keep(randomBytes(32)) };
      expect(await life.up(program)).toBe('replace');
      expect(await works(client, otherKey)).toBe(true);
    });

    it('a key that has one material for life takes the same bytes again', async () => {
      const { KeyMetadata } = await client.send(
        new CreateKeyCommand({
          Origin: 'EXTERNAL',
          KeySpec: 'HMAC_256',
          KeyUsage: 'GENERATE_VERIFY_MAC',
        }),
      );
      const hmac = KeyMetadata!.Arn!;
      await life.up({ keyId: hmac, material: await source.keep(bytes) });
      kms.clearCalls();
      await expect(
        life.up({ keyId: hmac, material: await source.keep(randomBytes(32)) }),
      ).rejects.toThrowWithCode('MATERIAL_DIFFERS');
      expect(await life.up({ keyId: hmac, material: await source.keep(bytes) })).toBe('update');
      expect(operations()).not.toContain('ImportKeyMaterial');
    });
  });
}

describe('when two resources of a key run one command with other variables', () => {
  it('each imports what the command prints with its own', async () => {
    const shared = new PlaintextCache();
    const env = Object.fromEntries(
      ['FIRST', 'SECOND'].map((name) => [name, randomBytes(32).toString('base64')]),
    );
    const print = 'process.stdout.write(process.env.FIRST ?? process.env.SECOND)';
    const command = [process.execPath, '-e', print];
    const [one, other] = [0, 1].map(
      () => new ResourceLife({ kms, env, plaintexts: () => shared }),
    ) as [ResourceLife, ResourceLife];
    const programOf = (name: string): Declared => ({
      keyId,
      material: { command, passEnvironment: [name], encoding: 'base64' },
      ...(name === 'SECOND' ? { importType: 'NEW_KEY_MATERIAL' } : {}),
    });
    await one.plan(programOf('FIRST'));
    await other.plan(programOf('SECOND'));
    await one.apply('create', programOf('FIRST'));
    await other.apply('create', programOf('SECOND'));
    const inline = { inline: env.FIRST };
    const again = newLife();
    await again.up({ keyId, material: inline });
    expect(one.outs.materialFingerprint).toBe(again.outs.materialFingerprint);
    expect(other.outs.materialFingerprint).not.toBe(again.outs.materialFingerprint);
  });

  it('the order of the variables and a repeated one change nothing', async () => {
    const command = ['cat', 'key'];
    const [one, other] = await Promise.all(
      [
        ['B', 'A'],
        ['A', 'B', 'A'],
      ].map((passEnvironment) => life.check({}, { keyId, material: { command, passEnvironment } })),
    );
    expect(one?.materialSource).toEqual(other?.materialSource);
  });
});

describe('when material that is not read at preview does not fit', () => {
  it('it is refused before the scarcest call', async () => {
    const material = await SOURCES.command.keep(randomBytes(31));
    await expect(life.up({ keyId, material })).rejects.toThrowWithCode('MATERIAL_LENGTH');
    expect(operations()).not.toContain('GetParametersForImport');
  });

  it('a passphrase that the program holds opens it', async () => {
    const material = { ...(await SOURCES.command.keep(bytes)), passphrase: { inline: 'unused' } };
    expect(await life.up({ keyId, material })).toBe('create');
    expect(life.outs.materialSource).toMatchObject({ passphrase: { kind: 'inline' } });
  });

  it('the check still refuses what is wrong in the reference', async () => {
    const wrong: [Declared, string][] = [
      [{ command: [] }, 'INPUT_INVALID'],
      [{ command: 'cat key' }, 'INPUT_INVALID'],
      [{ command: ['cat', 7] }, 'INPUT_INVALID'],
      [{ command: [''] }, 'MATERIAL_SOURCE'],
      [{ command: ['cat'], passEnvironment: 'HOME' }, 'INPUT_INVALID'],
      [{ command: ['cat'], passEnvironment: ['PULUMI_CONFIG_PASSPHRASE'] }, 'MATERIAL_SOURCE'],
      [{ env: 'X', showStderr: true }, 'MATERIAL_SOURCE'],
      [{ command: ['cat'], file: 'x' }, 'MATERIAL_SOURCE'],
      [{ command: ['cat'], wrapCommand: ['hsm'] }, 'MATERIAL_SOURCE'],
      [{ wrapCommand: [] }, 'INPUT_INVALID'],
      [{ wrapCommand: 'hsm wrap' }, 'INPUT_INVALID'],
      [{ wrapCommand: [''] }, 'MATERIAL_SOURCE'],
      [{ wrapCommand: ['hsm'], encoding: 'raw' }, 'MATERIAL_SOURCE'],
      [{ wrapCommand: ['hsm'], passphrase: { inline: 'x' } }, 'MATERIAL_SOURCE'],
      [{ wrapCommand: ['hsm'], passEnvironment: ['PULUMI_CONFIG_PASSPHRASE'] }, 'MATERIAL_SOURCE'],
      [{ secretsManager: {} }, 'MATERIAL_SOURCE'],
      [{ secretsManager: { secretId: 'a', versionId: 'b', versionStage: 'c' } }, 'MATERIAL_SOURCE'],
      [{ secretsManager: { secretId: 'a', stage: 'b' } }, 'UNKNOWN_INPUT'],
      [{ ssmParameter: { version: 1 } }, 'MATERIAL_SOURCE'],
      [{ ssmParameter: { name: 'a', version: 0 } }, 'INPUT_INVALID'],
      [{ ssmParameter: { nam: 'a' } }, 'UNKNOWN_INPUT'],
    ];
    for (const [material, code] of wrong) {
      const failed = (await life
        .preview({ keyId, material })
        .catch((e: unknown) => e)) as CheckFailed;
      expect([material, failed.codes]).toEqual([material, [code]]);
    }
  });
});

describe('when a program gives a secret in the place of a name that only an import looks up', () => {
  const encodings = (size: number): string[] => {
    const secret = randomBytes(size);
    const [base64, hex] = [secret.toString('base64'), secret.toString('hex')];
    return [
      base64,
      hex,
      `base64:${base64}`,
      `0x${hex}`,
      hex.replace(/..(?=.)/g, '$&:').toUpperCase(),
      JSON.stringify([...secret]),
      JSON.stringify(secret),
      secret.toString('latin1'),
      secret.toString('utf8'),
    ];
  };
  const tokenWith = (more: object): Declared => ({
    pkcs11: {
      ...{ module: '/lib/hsm.so', tokenLabel: 'vault', keyLabel: 'root' },
      // A preview does not run the command, and so does not look at the token either.
      ...{ pin: { command: ['pass', 'show', 'hsm'] }, ...more },
    },
  });
  const places: readonly [string, (secret: string) => Declared][] = [
    ['the program of a command', (secret) => ({ command: [secret] })],
    ['the program of a command that wraps', (secret) => ({ wrapCommand: [secret] })],
    ['the ID of a secret', (secret) => ({ secretsManager: { secretId: secret } })],
    [
      'the stage of a secret',
      (secret) => ({ secretsManager: { secretId: 'a', versionStage: secret } }),
    ],
    ['a member of a secret', (secret) => ({ secretsManager: { secretId: 'a', jsonKey: secret } })],
    ['the name of a parameter', (secret) => ({ ssmParameter: { name: secret } })],
    [
      'the version of a secret',
      (secret) => ({ secretsManager: { secretId: 'a', versionId: secret } }),
    ],
    ['the label of a key', (secret) => tokenWith({ keyLabel: secret })],
    ['a variable of a module', (secret) => tokenWith({ passEnvironment: [secret] })],
    ['the program that prints a PIN', (secret) => tokenWith({ pin: { command: [secret] } })],
    ['the Region of a parameter', (secret) => ({ ssmParameter: { name: 'a', region: secret } })],
  ];

  // Clients of Secrets Manager make versions of as many hex digits.
  const isVersion = (place: string, secret: string): boolean =>
    place.includes('version') && /^[0-9a-f]{56,64}$/.test(secret);

  it.each(places)('material as %s is refused before state has it', async (place, declare) => {
    // The lengths of all secrets, with and without padding of base64. Text of 64 bytes is always recognised.
    const secrets = [28, 32, 64, 128].flatMap(encodings);
    for (const secret of secrets.filter((each) => !isVersion(place, each))) {
      const failed = (await life
        .preview({ keyId, material: declare(secret) })
        .catch((e: unknown) => e)) as CheckFailed;
      expect([secret, failed.codes]).toEqual([secret, ['MATERIAL_SOURCE']]);
      expect(failed.message).not.toContain(secret);
    }
  });

  it.each([
    ['PEM', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI'],
    ['PEM in base64', Buffer.from('-----BEGIN PRIVATE KEY-----\nMC4C').toString('base64')],
    ['a JWK', '{"kty":"oct","k":"AAAA"}'],
    ['base64url without padding', 'q8FvT2mXc9LzR4wKpB7nYhJd0sGuE5aVtQi3fOxN1y-'],
    ['base64url of 64 bytes', 'q8FvT2mXc9LzR4wKpB7nYhJd0sGuE5aVtQi3fOxN1y_'.repeat(2)],
    // 48 bytes have no padding.
    ['base64 without padding', 'q8FvT2mXc9LzR4wKpB7nYhJd0sGuE5aVtQi3fOxN1yMbCkZe6PrW+Ul/HjSgDoAv'],
  ])('%s is refused as well', async (_form, secret) => {
    const failed = (await life
      .preview({ keyId, material: { secretsManager: { secretId: secret } } })
      .catch((e: unknown) => e)) as CheckFailed;
    expect(failed.codes).toEqual(['MATERIAL_SOURCE']);
  });

  it.each([
    '/Prod/EuCentral1/Payments/RootKey2026Material',
    '/Users/AnnaK/Projects/KeyTool2/bin/FetchRootKey',
    'MyStack-DatabaseSecret86DBB7B3-Wd4TQoq3c9NY',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:root-AbCdEf',
    'payments/Schlüssel für Größe',
    'company-payments-prod-eu-central-1-root-key',
  ])('the name %s is none', async (name) => {
    expect(await life.preview({ keyId, material: { secretsManager: { secretId: name } } })).toBe(
      'create',
    );
  });

  it.each(['env', 'file'])('the passphrase itself as its %s is refused', async (kind) => {
    const secret = 'correct horse battery staple';
    for (const material of [{ command: ['cat'] }, { secretsManager: { secretId: 'a' } }]) {
      const failed = (await life
        .preview({ keyId, material: { ...material, passphrase: { [kind]: secret } } })
        .catch((e: unknown) => e)) as CheckFailed;
      expect(failed.codes).toEqual([kind === 'env' ? 'MATERIAL_ENV_UNSET' : 'MATERIAL_FILE']);
      expect(failed.message).not.toContain(secret);
    }
  });
});
