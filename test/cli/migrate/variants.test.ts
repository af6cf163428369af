import { CreateKeyCommand, ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOf } from '../../../packages/embedded-kms/test/support/kms-key';
import { TYPE_TOKENS, typesOf } from '../../../src/domain/type-tokens';
import {
  KEY,
  keyResource,
  REPLICA,
  stackExportOf,
  urnOf,
  type KeyInState,
} from '../../support/stack-export';
import { writeDocumentedScript } from '../../support/documented-script';
import { runCli } from '../run-cli';
import { importInto, keyWithMaterial, useMigration } from './migration';
import { codeAtEndOfLine } from '../../support/codes';

const migration = useMigration({ replicationSeconds: 0 });
const key = (name: string, more?: Partial<KeyInState>) =>
  keyWithMaterial(migration.client, name, more);

async function migrate(stackExport: unknown, ...args: string[]) {
  writeFileSync('before.json', JSON.stringify(stackExport));
  const ended = await runCli([
    ...['migrate', '--endpoint-url', migration.kms.url, '--stack-export', 'before.json', '--json'],
    ...['--out', 'after.json', '--import-file', 'import.json', ...args],
  ]);
  return {
    ...ended,
    error: codeAtEndOfLine(ended.stderr),
    report: (ended.stdout === '' ? {} : JSON.parse(ended.stdout)) as {
      readonly keys: readonly Record<string, unknown>[];
      readonly materials: Record<string, number>;
      readonly extracted: readonly string[];
    },
  };
}

const imported = (): readonly { name: string; outputs: { keyArn: string } }[] =>
  (
    JSON.parse(readFileSync('import.json', 'utf8')) as {
      resources: { name: string; outputs: { keyArn: string } }[];
    }
  ).resources;

const extracted = (name: string): Buffer => readFileSync(join('secrets', `${name}.bin`));

const TYPES = typesOf('ImportedKeyMaterial');

describe('when two resources of an export have one URN', () => {
  it.each(['before', 'after'])(
    'the one that is not pending deletion is adopted, if it is %s the other',
    async (place) => {
      const live = await key('root');
      const old = await key('root', { more: { delete: true, protect: true } });
      const resources = [live, old].map(keyResource);
      if (place === 'after') resources.reverse();
      const { code, report } = await migrate(stackExportOf(resources), '--extract', 'secrets');
      expect(code).toBe(0);
      expect(report.materials).toMatchObject({ found: 2, extracted: 2, left: 0 });
      expect(imported().map(({ outputs }) => outputs.keyArn)).toEqual([live.keyArn]);
      expect(extracted('root')).toEqual(live.material);
      expect(extracted('root-pending-deletion')).toEqual(old.material);
    },
  );

  it('several that are pending deletion have a file each', async () => {
    const keys = [
      await key('root', { more: { delete: true } }),
      await key('root', { more: { delete: true } }),
      await key('root'),
    ];
    const { report } = await migrate(stackExportOf(keys.map(keyResource)), '--extract', 'secrets');
    const contents = report.extracted.map((path) => readFileSync(path));
    for (const { material } of keys) expect(contents).toContainEqual(material);
    expect(new Set(report.extracted).size).toBe(3);
  });

  it('the material of one that is pending deletion needs a file, or stays encrypted', async () => {
    const live = await key('root');
    writeFileSync('root.bin', live.material);
    const withOld = async (form: KeyInState['form']) =>
      migrate(
        stackExportOf([live, await key('root', { form, more: { delete: true } })].map(keyResource)),
        ...['--material', 'root=file:root.bin'],
      );
    expect(await withOld('shown')).toMatchObject({ code: 1, error: 'MATERIAL_MISSING' });
    expect(existsSync('after.json')).toBe(false);
    expect(await withOld('encrypted')).toMatchObject({
      code: 2,
      report: { materials: { found: 2, named: 1, left: 1 } },
    });
    expect(readFileSync('after.json', 'utf8')).toContain('ciphertext');
  });
});

describe('when a resource of an export is not simply a key of the stack', () => {
  it('one that the program only reads is not adopted, and its material is in a file', async () => {
    const read = await key('read', { more: { external: true } });
    const { code, report } = await migrate(
      stackExportOf([keyResource(read)]),
      ...['--extract', 'secrets'],
    );
    expect(code).toBe(0);
    expect(report.keys).toMatchObject([
      { onlyKept: 'external', file: 'secrets/read-external.bin' },
    ]);
    expect(extracted('read-external')).toEqual(read.material);
    // The engine takes no import file without resources.
    expect(existsSync('import.json')).toBe(false);
    expect(readFileSync('after.json', 'utf8')).not.toContain('keyMaterialBase64":');
  });

  it.each<[string, (one: KeyInState, other: KeyInState) => unknown]>([
    [
      'one that was deleted and is not made again',
      (one) => stackExportOf([keyResource({ ...one, more: { pendingReplacement: true } })]),
    ],
    [
      'two that are live under one URN',
      (one, other) => stackExportOf([one, { ...other, name: one.name }].map(keyResource)),
    ],
    [
      'two URNs for one key',
      (one, other) => stackExportOf([one, { ...one, name: other.name }].map(keyResource)),
    ],
    [
      'one key that is live and pending deletion',
      (one) => stackExportOf([one, { ...one, more: { delete: true } }].map(keyResource)),
    ],
    [
      'inputs and outputs of different material',
      (one, other) =>
        stackExportOf([
          { ...keyResource(one), outputs: keyResource({ ...other, keyArn: one.keyArn }).outputs },
        ]),
    ],
    [
      'an operation that was interrupted',
      (one, other) =>
        stackExportOf([keyResource(one)], {
          pending_operations: [{ resource: keyResource(other), type: 'creating' }],
        }),
    ],
    [
      'a parent that is not there',
      (one) =>
        stackExportOf([keyResource({ ...one, more: { parent: urnOf('my:index:Root', 'x') } })]),
    ],
    [
      'a provider that is not there',
      (one) =>
        stackExportOf([
          keyResource({ ...one, more: { provider: `${urnOf('pulumi:providers:aws', 'x')}::id` } }),
        ]),
    ],
    ['a key without an ARN', (one) => stackExportOf([{ ...keyResource(one), outputs: {} }])],
  ])('%s is refused, and nothing is written', async (_what, exportOf) => {
    const stackExport = exportOf(await key('one'), await key('other'));
    migration.kms.clearCalls();
    const { code, error } = await migrate(stackExport, '--extract', 'secrets', '--reimport');
    expect({ code, error }).toEqual({ code: 1, error: 'STACK_EXPORT' });
    expect(readdirSync('.')).toEqual(['before.json']);
    expect(migration.kms.calls.map(({ operation }) => operation)).not.toContain(
      'ImportKeyMaterial',
    );
  });

  it('providers, parents and aliases are kept as they are', async () => {
    const parent = { urn: urnOf('my:index:Root', 'all'), type: 'my:index:Root', custom: false };
    const provider = {
      urn: urnOf('pulumi:providers:aws', 'west'),
      type: 'pulumi:providers:aws',
      custom: true,
      id: 'an-id',
    };
    const root = await key('root', {
      within: 'my:index:Root',
      more: {
        parent: parent.urn,
        provider: `${provider.urn}::an-id`,
        aliases: [urnOf(KEY, 'earlier')],
        protect: true,
        retainOnDelete: true,
      },
    });
    const before = [parent, provider, keyResource(root)];
    const { code, report } = await migrate(stackExportOf(before), '--extract', 'secrets');
    expect(code).toBe(0);
    expect(report.keys).toMatchObject([{ name: 'root', protect: true }]);
    const after = JSON.parse(readFileSync('after.json', 'utf8')) as ReturnType<
      typeof stackExportOf
    >;
    expect(after.deployment.resources.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after.deployment.resources[2]).toMatchObject(root.more!);
  });
});

describe('when keys have one name', () => {
  it('a primary key and its replica have files and resources of their own', async () => {
    const material = randomBytes(32);
    const { KeyMetadata } = await migration.client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }),
    );
    const primary = KeyMetadata!.Arn!;
    await importInto(migration.client, primary, material);
    const { ReplicaKeyMetadata } = await migration.client.send(
      new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'us-west-2' }),
    );
    const other = clientOf(migration.kms, 'us-west-2');
    await importInto(other, ReplicaKeyMetadata!.Arn!, material);
    other.destroy();
    const both: KeyInState[] = [
      { name: 'root', keyArn: primary, material, form: 'shown' },
      { name: 'root', keyArn: ReplicaKeyMetadata!.Arn!, material, form: 'shown', type: REPLICA },
    ];
    const stackExport = stackExportOf(both.map(keyResource));
    const { code } = await migrate(stackExport, '--extract', 'secrets', '--reimport');
    expect(code).toBe(0);
    expect(imported().map(({ name }) => name)).toEqual([
      'root-material',
      'root-us-west-2-material',
    ]);
    expect([extracted('root'), extracted('root-us-west-2')]).toEqual([material, material]);

    writeFileSync('root.bin', material);
    const named = (...texts: string[]) =>
      migrate(stackExport, '--force', ...texts.flatMap((text) => ['--material', text]));
    expect(await named('root=file:root.bin')).toMatchObject({ code: 1, error: 'MATERIAL_SOURCE' });
    const urns = both.map((one) => `${keyResource(one).urn}=file:root.bin`);
    expect(await named(...urns, urns[0]!)).toMatchObject({ code: 1, error: 'MATERIAL_SOURCE' });
    expect(await named(...urns)).toMatchObject({ code: 0 });
  });

  it('names that differ in their parents, their case or a sign of the file system are distinguished', async () => {
    const keys = [
      await key('root', { within: 'my:index:A' }),
      await key('root', { within: 'my:index:B' }),
      await key('ROOT'),
      await key('a/b'),
      await key('a_b'),
      await key('a::b=c'),
      await key('root-eu-west-1'),
    ];
    const { code, report } = await migrate(
      stackExportOf(keys.map(keyResource)),
      ...['--extract', 'secrets'],
    );
    expect(code).toBe(0);
    const files = report.keys.map(({ file }) => String(file));
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(keys.length);
    const hex = (bytes: Buffer): string => bytes.toString('hex');
    expect(files.map((file) => hex(readFileSync(file)))).toEqual(
      keys.map(({ material }) => hex(material)),
    );
    const names = imported().map(({ name }) => name);
    expect(new Set(names).size).toBe(keys.length);
    expect(names).toContain('root-eu-west-1-material');
    expect(names).toContain('a::b=c-material');

    writeFileSync('c.bin', keys[5]!.material);
    const [, , , , , odd] = keys;
    const one = stackExportOf([keyResource(odd!)]);
    const named = await migrate(one, '--material', 'a::b=c=file:c.bin', '--force');
    expect(named.code).toBe(0);
  });

  it.each(TYPES)('the name of a resource %s that the state has is not used again', async (type) => {
    const root = await key('root');
    const other = {
      urn: urnOf(type, 'root-material'),
      type,
      custom: true,
      id: 'another',
      outputs: { keyArn: 'another' },
    };
    const { code } = await migrate(
      stackExportOf([other, keyResource(root)]),
      ...['--extract', 'secrets'],
    );
    expect(code).toBe(0);
    expect(imported().map(({ name }) => name)).toEqual(['root-eu-west-1-material']);
  });
});

describe('when only a command can wrap the material from now on', () => {
  it('the export keeps it until KMS has proved that the command has the same', async () => {
    const root = await key('root');
    writeFileSync('root.bin', root.material);
    writeDocumentedScript('wrap-command.md', 'OpenSSL', '.');
    const source = JSON.stringify({ wrapCommand: ['./wrap-with-openssl.sh', 'root.bin'] });
    const named = ['--material', `root=${source}`, '--force'];
    const stackExport = stackExportOf([keyResource(root)]);
    const unproved = await migrate(stackExport, ...named);
    expect(unproved.report.materials).toMatchObject({ found: 1, left: 1 });
    const proved = await migrate(stackExport, ...named, '--reimport');
    expect(proved.report.materials).toMatchObject({ found: 1, left: 0 });
  });
});

describe('when the stack manages the material already', () => {
  it.each(TYPES)('as %s, it is proved, leaves the key, and is not imported twice', async (type) => {
    const root = await key('root', { form: 'encrypted' });
    writeFileSync('root.bin', root.material);
    const source = ['--material', 'root=file:root.bin'];
    const first = await migrate(stackExportOf([keyResource(root)]), ...source);
    expect(first.code).toBe(2);
    const [adopted] = imported() as unknown as Record<string, unknown>[];
    const resource = { ...adopted, urn: urnOf(type, 'root-material'), custom: true, type };
    const stackExport = stackExportOf([keyResource(root), resource]);
    rmSync('import.json');
    const second = await migrate(stackExport, ...source, '--reimport', '--force');
    expect(second.code).toBe(0);
    expect(existsSync('import.json')).toBe(false);
    expect(readFileSync('after.json', 'utf8')).not.toContain('ciphertext');
  });
});

describe('when files are there already', () => {
  it('a file of other bytes stays, and nothing is written', async () => {
    const root = await key('root');
    const stackExport = stackExportOf([keyResource(root)]);
    writeFileSync('root.bin', 'mine');
    const refused = await migrate(stackExport, '--extract', '.', '--force');
    expect(refused).toMatchObject({ code: 1, error: 'FILE_EXISTS' });
    expect(readFileSync('root.bin', 'utf8')).toBe('mine');
    expect(readdirSync('.')).toEqual(['before.json', 'root.bin']);
  });

  it('the export is never replaced, under any name', async () => {
    const root = await key('root');
    const text = JSON.stringify(stackExportOf([keyResource(root)]));
    writeFileSync('before.json', text);
    for (const [out, importFile] of [
      ['./before.json', 'import.json'],
      ['after.json', join(migration.folder, 'before.json')],
      ['same.json', 'same.json'],
    ] as const) {
      const ended = await runCli([
        ...[
          'migrate',
          '--endpoint-url',
          migration.kms.url,
          '--stack-export',
          'before.json',
          '--force',
        ],
        ...['--out', out, '--import-file', importFile, '--extract', 'secrets'],
      ]);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('[FILE_EXISTS]');
    }
    expect(readFileSync('before.json', 'utf8')).toBe(text);
    expect(readdirSync('.')).toEqual(['before.json']);
  });
});

describe('when a stack uses the native plugin', () => {
  it('--native writes native resources without the text of a provider, and prints them in YAML', async () => {
    const exported = stackExportOf([keyResource(await key('root'))]);
    const { code, report } = await migrate(exported, '--native', '--extract', 'secrets');
    expect(code).toBe(0);
    const [resource] = imported() as readonly object[];
    expect(resource).toMatchObject({ type: TYPE_TOKENS.ImportedKeyMaterial.native });
    expect(JSON.stringify(resource)).not.toContain('__provider');
    expect(report).toMatchObject({
      program: expect.stringContaining('    type: kms-byok:ImportedKeyMaterial\n') as string,
    });
  });
});
