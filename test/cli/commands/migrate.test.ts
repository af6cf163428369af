import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, works } from '../../../packages/embedded-kms/test/support/kms-key';
import { ProjectFolder } from '../../support/project-folder';
import { importWith } from '../../../packages/embedded-kms/test/support/specs';
import {
  FORMS,
  keyResource,
  REPLICA,
  stackExportOf,
  urnOf,
  type KeyInState,
} from '../../support/stack-export';
import { runCli, useEmbeddedCredentials } from '../run-cli';

useEmbeddedCredentials();

let kms: EmbeddedKms;
let client: KMSClient;
let project: ProjectFolder;
let home: string;

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
  home = process.cwd();
});

beforeEach(() => {
  project = new ProjectFolder();
  process.chdir(project.programFolder);
});

afterEach(() => {
  process.chdir(home);
  project.remove();
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

async function importedKey(material: Buffer): Promise<string> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  await importWith({ client }, KeyMetadata!.Arn!, material, { algorithm: 'RSAES_OAEP_SHA_256' });
  return KeyMetadata!.Arn!;
}

const read = (name: string): string => readFileSync(join(project.programFolder, name), 'utf8');

const migrate = (stackExport: unknown, ...args: string[]) => {
  project.write('before.json', JSON.stringify(stackExport));
  return runCli([
    ...['migrate', '--endpoint-url', kms.url, '--stack-export', 'before.json'],
    ...['--out', 'after.json', '--import-file', 'import.json', ...args],
  ]);
};

describe('when material is taken out of a state', () => {
  it('none of it is left in any form, and the files say where it is now', async () => {
    const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const keys: KeyInState[] = [
      { name: 'one', keyArn: await importedKey(one), material: one, form: 'plain' },
      {
        name: 'two',
        keyArn: await importedKey(two),
        material: two,
        form: 'shown',
        type: REPLICA,
      },
      { name: 'three', keyArn: await importedKey(three), material: three, form: 'encrypted' },
    ];
    // Otherwise the umask decides whether migrate warns about the mode.
    project.write('three.bin', three);
    chmodSync('three.bin', 0o600);
    const before = stackExportOf([
      ...keys.map(keyResource),
      {
        urn: urnOf('aws:s3/bucket:Bucket', 'other'),
        type: 'aws:s3/bucket:Bucket',
        inputs: { a: 1 },
      },
    ]);
    kms.clearCalls();
    const ended = await migrate(
      before,
      ...['--extract', '.', '--material', 'three=file:three.bin', '--reimport'],
    );
    expect(ended.code).toBe(0);
    const changing = ['CreateKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'];
    const called = kms.calls.map(({ operation }) => operation);
    expect(called.filter((operation) => changing.includes(operation))).toEqual([]);
    for (const { keyArn } of keys) expect(await works(client, keyArn)).toBe(true);
    expect(statSync('after.json').mode & 0o777).toBe(0o600);
    for (const material of [one, two, three]) {
      for (const text of [read('after.json'), read('import.json'), ended.stdout, ended.stderr]) {
        expect(searchMaterial(material, Buffer.from(text))).toEqual([]);
      }
    }
    expect(read('after.json')).not.toContain('ciphertext');
    // Everything else is as it was.
    const without = JSON.parse(JSON.stringify(before)) as ReturnType<typeof stackExportOf>;
    for (const { inputs, outputs, propertyDependencies } of without.deployment
      .resources as never[]) {
      for (const members of [inputs, outputs, propertyDependencies] as (object | undefined)[]) {
        if (members !== undefined) Reflect.deleteProperty(members, 'keyMaterialBase64');
      }
    }
    expect(JSON.parse(read('after.json'))).toEqual(without);
    // No other user can read the extracted material.
    expect(readFileSync('one.bin')).toEqual(one);
    expect(readFileSync('two.bin')).toEqual(two);
    expect(statSync('one.bin').mode & 0o777).toBe(0o600);
    const { resources } = JSON.parse(read('import.json')) as {
      resources: { name: string; inputs: { materialSource: unknown } }[];
    };
    expect(resources.map(({ name, inputs }) => [name, inputs.materialSource])).toEqual([
      ['one-material', { kind: 'file', file: 'one.bin', encoding: 'raw' }],
      ['two-material', { kind: 'file', file: 'two.bin', encoding: 'raw' }],
      ['three-material', { kind: 'file', file: 'three.bin', encoding: 'raw' }],
    ]);
    const shown = keys.reduce(
      (text, { keyArn, name }) => text.replaceAll(keyArn, `ARN-OF-${name}`),
      `${ended.stdout}---\n${ended.stderr}`,
    );
    expect(shown).toMatchSnapshot();
  });

  it('the same material in another resource is warned of, and not shown', async () => {
    const material = randomBytes(32);
    const keyArn = await importedKey(material);
    const type = 'random:index/randomBytes:RandomBytes';
    const other = {
      urn: urnOf(type, 'bytes'),
      type,
      outputs: { base64: FORMS.shown(material.toString('base64')) },
    };
    const key: KeyInState = { name: 'one', keyArn, material, form: 'shown' };
    const ended = await migrate(stackExportOf([keyResource(key), other]), '--extract', '.');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`the same material in ${other.urn} (base64)`);
    expect(searchMaterial(material, Buffer.from(ended.stderr))).toEqual([]);
  });

  it('without --reimport a symmetric key is only read, and its material is called unproved', async () => {
    const [one, two] = [randomBytes(32), randomBytes(32)];
    project.write('two.bin', randomBytes(32));
    const keys: KeyInState[] = [
      { name: 'one', keyArn: await importedKey(one), material: one, form: 'shown' },
      { name: 'two', keyArn: await importedKey(two), material: two, form: 'encrypted' },
    ];
    const stackExport = stackExportOf(keys.map(keyResource));
    const given = ['--extract', '.', '--material', 'two=file:two.bin'];
    kms.clearCalls();
    const ended = await migrate(stackExport, ...given, '--json');
    expect(new Set(kms.calls.map(({ operation }) => operation))).toEqual(
      new Set(['DescribeKey', 'ListKeyRotations']),
    );
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      materials: { found: 2, extracted: 1, named: 0, left: 1 },
      keys: [
        { name: 'one', verdict: 'unproved', left: false },
        { name: 'two', verdict: 'unproved', left: true },
      ],
    });
    expect(ended.stderr).toContain('two is unproved');
    // Nothing else is known to hold it: the file has other bytes.
    expect(read('after.json')).toContain('ciphertext');

    const proved = await migrate(stackExport, ...given, '--reimport', '--force');
    expect(proved.code).toBe(1);
    expect(proved.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
  });

  it('a key that proves itself needs no import', async () => {
    const material = randomBytes(32);
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const keyArn = KeyMetadata!.Arn!;
    await importWith({ client }, keyArn, material, { algorithm: 'RSAES_OAEP_SHA_256' });
    const key: KeyInState = { name: 'one', keyArn, material, form: 'encrypted' };
    project.write('one.bin', material);
    const source = ['--material', 'one=file:one.bin', '--json'];
    const ended = await migrate(stackExportOf([keyResource(key)]), ...source);
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ keys: [{ verdict: 'same', left: false }] });
    project.write('one.bin', randomBytes(32));
    const wrong = await migrate(stackExportOf([keyResource(key)]), ...source, '--force');
    expect(wrong.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
  });

  it('a stack without material has nothing to adopt, and no file is written', async () => {
    project.write('import.json', 'of an earlier run');
    const ended = await migrate(stackExportOf([]), '--json', '--force');
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ keys: [], remaining: [] });
    expect(read('import.json')).toBe('of an earlier run');
    expect(existsSync('after.json')).toBe(false);
  });

  it.each([
    ['no source for it', [], 'plain', 'MATERIAL_MISSING'],
    [
      'material that cannot be read, to be extracted',
      ['--extract', '.'],
      'encrypted',
      'MATERIAL_MISSING',
    ],
    ['other bytes', ['--material', 'one=file:other.bin'], 'plain', 'MATERIAL_DIFFERS'],
    ['a name that is in no export', ['--material', 'none=env:X'], 'plain', 'MATERIAL_SOURCE'],
    ['a source without a name', ['--material', 'file:other.bin'], 'plain', 'MATERIAL_SOURCE'],
    ['a file that is there', ['--extract', 'taken'], 'plain', 'FILE_EXISTS'],
    ['a folder that is a file', ['--extract', 'one.bin'], 'plain', 'FILE_ACCESS'],
  ] as const)('%s: nothing is written', async (_what, args, form, code) => {
    const material = randomBytes(32);
    project.write('other.bin', randomBytes(32));
    project.write('one.bin', 'mine');
    const folder = project.programFolder;
    const key: KeyInState = { name: 'one', keyArn: await importedKey(material), material, form };
    const given = args.map((argument) => (argument === 'taken' ? '.' : argument));
    const ended = await migrate(stackExportOf([keyResource(key)]), ...given);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`[${code}]`);
    for (const name of ['after.json', 'import.json']) {
      expect(existsSync(join(folder, name))).toBe(false);
    }
    expect(read('one.bin')).toBe('mine');
  });

  it('the extracted files of a key that KMS has lost are removed again', async () => {
    const material = randomBytes(32);
    const keyArn = (await importedKey(material)).replace(/\w{12}$/, '000000000000');
    const key: KeyInState = { name: 'gone', keyArn, material, form: 'plain' };
    const ended = await migrate(stackExportOf([keyResource(key)]), '--extract', 'secrets');
    expect(ended.stderr).toContain('[KEY_NOT_FOUND]');
    expect(existsSync('secrets')).toBe(false);
  });
});
