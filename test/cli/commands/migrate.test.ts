import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, CREDENTIALS, works } from '../../../packages/embedded-kms/test/support/kms-key';
import { AWS_PLUGIN } from '../../support/aws-program';
import { ProjectFolder } from '../../support/project-folder';
import { describeWithImportFiles } from '../../support/describe-with-pulumi';
import { PulumiCli } from '../../support/pulumi-cli';
import { importWith } from '../../../packages/embedded-kms/test/support/specs';
import { runCli, useEmbeddedCredentials } from '../run-cli';

jest.setTimeout(240_000);
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

const SECRET = {
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
};

/** The forms in which an export has a secret. */
const FORMS = {
  plain: (text: string) => text,
  shown: (text: string) => ({ ...SECRET, plaintext: JSON.stringify(text) }),
  encrypted: () => ({ ...SECRET, ciphertext: 'v1:AAAA:BBBB' }),
} as const;

interface KeyInState {
  readonly name: string;
  readonly keyArn: string;
  readonly material: Buffer;
  readonly form: keyof typeof FORMS;
  readonly type?: string;
}

const urnOf = (type: string, name: string): string => `urn:pulumi:test::life::${type}::${name}`;

/** A stack export in the form of the Pulumi CLI. */
function exportOf(keys: readonly KeyInState[], more: readonly unknown[] = []) {
  const resources = keys.map(({ name, keyArn, material, form, type }) => {
    const token = type ?? 'aws:kms/externalKey:ExternalKey';
    const keyMaterialBase64 = FORMS[form](material.toString('base64'));
    return {
      urn: urnOf(token, name),
      custom: true,
      id: keyArn.split('/')[1],
      type: token,
      inputs: { description: name, keyMaterialBase64, __defaults: [] },
      outputs: { arn: keyArn, description: name, keyMaterialBase64, enabled: true },
      propertyDependencies: { description: null, keyMaterialBase64: null },
      additionalSecretOutputs: ['keyMaterialBase64'],
    };
  });
  return { version: 3, deployment: { manifest: { time: '' }, resources: [...resources, ...more] } };
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
  it('nothing of it is left, whatever its form, and the files say where it is now', async () => {
    const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const keys: KeyInState[] = [
      { name: 'one', keyArn: await importedKey(one), material: one, form: 'plain' },
      {
        name: 'two',
        keyArn: await importedKey(two),
        material: two,
        form: 'shown',
        type: 'aws:kms/replicaExternalKey:ReplicaExternalKey',
      },
      { name: 'three', keyArn: await importedKey(three), material: three, form: 'encrypted' },
    ];
    project.write('three.bin', three);
    const before = exportOf(keys, [
      {
        urn: urnOf('aws:s3/bucket:Bucket', 'other'),
        type: 'aws:s3/bucket:Bucket',
        inputs: { a: 1 },
      },
    ]);
    kms.clearCalls();
    const ended = await migrate(before, '--extract', '.', '--material', 'three=file:three.bin');
    expect(ended.code).toBe(0);
    expect(new Set(kms.calls.map(({ operation }) => operation))).toEqual(
      new Set(['DescribeKey', 'ListKeyRotations']),
    );
    expect(statSync('after.json').mode & 0o777).toBe(0o600);
    for (const material of [one, two, three]) {
      for (const text of [read('after.json'), read('import.json'), ended.stdout, ended.stderr]) {
        expect(searchMaterial(material, Buffer.from(text))).toEqual([]);
      }
    }
    expect(read('after.json')).not.toContain('v1:AAAA:BBBB');
    // Everything else is as it was.
    const without = JSON.parse(JSON.stringify(before)) as ReturnType<typeof exportOf>;
    for (const { inputs, outputs, propertyDependencies } of without.deployment
      .resources as never[]) {
      for (const members of [inputs, outputs, propertyDependencies] as (object | undefined)[]) {
        if (members !== undefined) Reflect.deleteProperty(members, 'keyMaterialBase64');
      }
    }
    expect(JSON.parse(read('after.json'))).toEqual(without);
    // What is extracted is for its owner alone.
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
    const ended = await migrate(exportOf([key], [other]), '--extract', '.');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(`the same material in ${other.urn} (base64)`);
    expect(searchMaterial(material, Buffer.from(ended.stderr))).toEqual([]);
  });

  it('a stack without material has nothing to adopt', async () => {
    const ended = await migrate(exportOf([]), '--json');
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ keys: [], remaining: [] });
    expect(JSON.parse(read('import.json'))).toEqual({ resources: [] });
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
    ['a folder that is not there', ['--extract', 'absent'], 'plain', 'FILE_UNWRITABLE'],
  ] as const)('%s: nothing is written', async (_what, args, form, code) => {
    const material = randomBytes(32);
    project.write('other.bin', randomBytes(32));
    project.write('one.bin', 'mine');
    const folder = project.programFolder;
    const key: KeyInState = { name: 'one', keyArn: await importedKey(material), material, form };
    const given = args.map((argument) => (argument === 'taken' ? '.' : argument));
    const ended = await migrate(exportOf([key]), ...given);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`[${code}]`);
    for (const name of ['after.json', 'import.json']) {
      expect(existsSync(join(folder, name))).toBe(false);
    }
    expect(read('one.bin')).toBe('mine');
  });

  it('a key that KMS has lost: what was extracted is removed again', async () => {
    const material = randomBytes(32);
    const keyArn = (await importedKey(material)).replace(/\w{12}$/, '000000000000');
    const key: KeyInState = { name: 'gone', keyArn, material, form: 'plain' };
    const ended = await migrate(exportOf([key]), '--extract', '.');
    expect(ended.stderr).toContain('[KEY_NOT_FOUND]');
    expect(existsSync('gone.bin')).toBe(false);
  });
});

describeWithImportFiles('when the real engine goes on from the files', () => {
  it('nothing is replaced or imported, and the state has no material', async () => {
    const material = randomBytes(32);
    project.write(
      'Pulumi.yaml',
      [
        'name: life',
        'runtime: {name: nodejs, options: {typescript: false}}',
        `plugins: {providers: [{name: aws, path: ${AWS_PLUGIN}}]}`,
      ].join('\n'),
    );
    const program = (options: string, opts: string, rest = '') =>
      project.write(
        'index.js',
        `const aws = require('@pulumi/aws');
         const { ImportedKeyMaterial } = require('pulumi-kms-byok');
         new aws.kms.ExternalKey('root', { description: 'root', ${options} }, ${opts});
         ${rest}`,
      );
    const stack = await PulumiCli.create({
      projectDir: project.programFolder,
      folder: project.engineFolder,
      config: {
        'aws:region': 'eu-west-1',
        'aws:endpoints': JSON.stringify([{ kms: kms.url, sts: kms.url }]),
        'aws:skipCredentialsValidation': 'true',
      },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        MATERIAL: material.toString('base64'),
      },
    });
    program('keyMaterialBase64: process.env.MATERIAL, enabled: true', '{}');
    const created = await stack.up();
    expect(created).toMatchObject({ ok: true, summary: { create: 1 } });

    const exported = await stack.exportState('--show-secrets');
    expect(JSON.stringify(exported)).toContain(material.toString('base64'));
    const ended = await migrate(exported, '--extract', '.');
    expect(ended.code).toBe(0);
    program(
      'enabled: true',
      "{ ignoreChanges: ['keyMaterialBase64', 'validTo', 'enabled'], protect: true }",
      ended.stdout.replace(/^import .*$/m, ''),
    );
    await stack.importState(join(project.programFolder, 'after.json'));
    const imported = await stack.importFile(JSON.parse(read('import.json')));
    expect(imported.ok).toBe(true);
    kms.clearCalls();
    const changing = ['ImportKeyMaterial', 'ScheduleKeyDeletion', 'CreateKey'];
    expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 2 } });
    const called = kms.calls.map(({ operation }) => operation);
    expect(called.filter((operation) => changing.includes(operation))).toEqual([]);

    const state = await stack.exportState('--show-secrets');
    expect(searchMaterial(material, Buffer.from(JSON.stringify(state)))).toEqual([]);
    const { id } = state.deployment.resources.find(({ urn }) => String(urn).endsWith('::root'))!;
    expect(await works(client, String(id))).toBe(true);
  });
});
