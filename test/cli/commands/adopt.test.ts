import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  RotateKeyOnDemandCommand,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OfflineStack, searchMaterial } from 'pulumi-offline-engine';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  materialsOf,
  works,
} from '../../../packages/embedded-kms/test/support/kms-key';
import { writeDocumentedScript } from '../../support/documented-script';
import { ProjectFolder } from '../../support/project-folder';
import { describeWithImportFiles } from '../../support/describe-with-import-files';
import { PulumiCli } from '../../support/pulumi-cli';
import { ResourceLife } from '../../support/resource-life';
import { importWith, pairOf, pkcs8 } from '../../../packages/embedded-kms/test/support/specs';
import { runCli, useEmbeddedCredentials } from '../run-cli';

jest.setTimeout(240_000);
useEmbeddedCredentials();

const inDays = (days: number): Date =>
  new Date(Math.floor(Date.now() / 1000) * 1000 + days * 86_400_000);

let kms: EmbeddedKms;
let client: KMSClient;
let project: ProjectFolder;
let home: string;

beforeAll(async () => {
  kms = await startKms({ rotationSeconds: 0 });
  client = clientOf(kms);
  home = process.cwd();
});

beforeEach(() => {
  project = new ProjectFolder();
  // As a person runs it: paths are relative to the program.
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

/** A key with material that something other than this package imported. */
async function foreignKey(
  material: Buffer,
  more: {
    readonly KeySpec?: KeySpec;
    readonly KeyUsage?: KeyUsageType;
    readonly extras?: Record<string, unknown>;
  } = {},
): Promise<string> {
  const { KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT', extras = {} } = more;
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec, KeyUsage }),
  );
  await importWith({ client }, KeyMetadata!.Arn!, material, {
    algorithm: material.length > 190 ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256',
    extras,
  });
  kms.clearCalls();
  return KeyMetadata!.Arn!;
}

const adopt = (keyArn: string, material: Buffer, ...args: string[]) => {
  project.write('material.bin', material);
  return runCli([
    ...['adopt', '--endpoint-url', kms.url, '--key-id', keyArn, '--name', 'root'],
    ...['--material', 'file:material.bin', '--out', 'import.json', ...args],
  ]);
};

interface ImportFile {
  readonly resources: readonly {
    readonly name: string;
    readonly id: string;
    readonly inputs: Record<string, unknown>;
    readonly outputs: Record<string, unknown>;
  }[];
}

const importFile = (): ImportFile =>
  JSON.parse(readFileSync(join(project.programFolder, 'import.json'), 'utf8')) as ImportFile;

/** Keys of every kind with what an earlier tool imported, by the names that they are adopted under. */
async function foreignKeys(): Promise<Map<string, { keyArn: string; material: Buffer }>> {
  const keys = new Map<string, { keyArn: string; material: Buffer }>();
  const add = async (name: string, material: Buffer, more = {}) =>
    keys.set(name, { material, keyArn: await foreignKey(material, more) });
  await add('plain', randomBytes(32));
  await add('described', randomBytes(32), {
    extras: {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: inDays(100),
      KeyMaterialDescription: 'root of finance/2026: 1st',
    },
  });
  await add('hmac', randomBytes(48), { KeySpec: 'HMAC_384', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const { privateKey } = pairOf('ECC_NIST_P256');
  await add('ecc', pkcs8(privateKey), { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  return keys;
}

/** Adopts each, and puts the printed programs together. */
async function adoptAll(): Promise<ImportFile['resources']> {
  const resources: ImportFile['resources'][number][] = [];
  let program = '';
  for (const [name, { keyArn, material }] of await foreignKeys()) {
    project.write(`${name}.bin`, material);
    kms.clearCalls();
    const adopted = await runCli([
      ...['adopt', '--endpoint-url', kms.url, '--key-id', keyArn, '--name', name],
      ...['--material', `file:${name}.bin`, '--out', 'import.json', '--force'],
    ]);
    expect(adopted.code).toBe(0);
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('ImportKeyMaterial');
    for (const text of [adopted.stdout, adopted.stderr, JSON.stringify(importFile())]) {
      expect(searchMaterial(material, Buffer.from(text))).toEqual([]);
    }
    resources.push(...importFile().resources);
    program += adopted.stdout.replace(/^import .*$/m, '');
  }
  project.write(
    'index.js',
    `const { ImportedKeyMaterial } = require('pulumi-kms-byok');\n${program}`,
  );
  return resources;
}

describe('when material is adopted', () => {
  it('the file says what the provider would have written, which the printed program confirms', async () => {
    const adopted = await adoptAll();
    const stateFile = join(project.engineFolder, 'state.json');
    const stack = new OfflineStack({
      projectDir: project.programFolder,
      stateFile,
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
    });
    expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 4 } });
    const state = stack.exportState();
    const resources = state.resources.map((created) => {
      const resource = adopted.find(({ name }) => created.urn.endsWith(`::${name}`));
      if (resource === undefined) return created;
      expect(resource.inputs).toEqual(created.inputs);
      expect(resource.id).toBe(created.id);
      // A create imports, of which it keeps the receipt.
      // Only an import writes a receipt, and a mark of the resource into KMS.
      const { importReceipt, materialOwner, ...outputs } = created.outputs;
      expect(importReceipt).toBeDefined();
      expect(materialOwner !== undefined).toBe(outputs.keySpec === 'SYMMETRIC_DEFAULT');
      expect(resource.outputs).toEqual(outputs);
      return { ...created, ...resource };
    });
    writeFileSync(stateFile, JSON.stringify({ ...state, resources }));
    expect((await stack.preview()).summary).toEqual({ same: 4 });
  });

  it('the program can renew it from now on', async () => {
    const material = randomBytes(32);
    const ValidTo = inDays(80);
    const keyArn = await foreignKey(material, {
      extras: { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo },
    });
    const { stdout } = await adopt(keyArn, material, '--valid-for', '90d', '--renew-before', '30d');
    expect(stdout.replace(keyArn, 'KEY')).toMatchSnapshot();
    expect(importFile().resources[0]).toMatchObject({
      inputs: { validFor: '90d', renewBefore: '30d' },
      outputs: { validFor: '90d', validTo: ValidTo.toISOString().replace('.000Z', 'Z') },
    });
  });

  it('material that only a command can wrap is adopted under the command', async () => {
    const material = randomBytes(32);
    const keyArn = await foreignKey(material);
    writeDocumentedScript('wrap-command.md', 'OpenSSL', project.programFolder);
    const argument = 'material.bin';
    const source = JSON.stringify({ wrapCommand: ['./wrap-with-openssl.sh', argument] });
    const args = ['--material', source, '--reimport'];
    expect(await adopt(keyArn, material, ...args)).toMatchObject({ code: 0 });
    const { inputs, outputs } = importFile().resources[0]!;
    expect(JSON.stringify([inputs, outputs])).not.toContain(argument);
    expect(inputs.materialSource).toMatchObject({ kind: 'wrapCommand' });
    expect(outputs.materialFingerprint).toMatch(/^v3:/);
    const wrong = await adopt(keyArn, randomBytes(32), ...args, '--force');
    expect(wrong.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
  });

  it('of several materials the one that is named or proved is adopted', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const keyArn = await foreignKey(first);
    const staged = await importWith({ client }, keyArn, second, {
      algorithm: 'RSAES_OAEP_SHA_256',
      extras: { ImportType: 'NEW_KEY_MATERIAL' },
    });
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    const ambiguous = await adopt(keyArn, second);
    expect(ambiguous.code).toBe(1);
    expect(ambiguous.stderr).toContain('[MATERIAL_AMBIGUOUS]');
    expect(existsSync('import.json')).toBe(false);

    expect((await adopt(keyArn, second, '--reimport')).code).toBe(0);
    const { outputs } = importFile().resources[0]!;
    expect(outputs.keyMaterialId).toBe(staged.KeyMaterialId);
    const named = ['--key-material-id', staged.KeyMaterialId!, '--force'];
    expect((await adopt(keyArn, second, ...named)).code).toBe(0);
    expect(importFile().resources[0]!.outputs).toEqual(outputs);
  });

  it('the material that is named has to be the one that is proved', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const keyArn = await foreignKey(first);
    await importWith({ client }, keyArn, second, {
      algorithm: 'RSAES_OAEP_SHA_256',
      extras: { ImportType: 'NEW_KEY_MATERIAL' },
    });
    const [one] = await materialsOf(client, keyArn);
    const other = ['--reimport', '--key-material-id', one!.KeyMaterialId!];
    expect((await adopt(keyArn, first, ...other)).code).toBe(0);
    const adopted = await adopt(keyArn, second, ...other, '--force');
    expect(adopted.code).toBe(1);
    expect(adopted.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
  });

  it('other bytes and lost material are refused, and nothing is written', async () => {
    const material = randomBytes(32);
    const hmac = await foreignKey(material, {
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
    });
    const other = await adopt(hmac, randomBytes(32));
    expect(other.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
    const symmetric = await foreignKey(material);
    const wrong = await adopt(symmetric, randomBytes(32), '--reimport');
    expect(wrong.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: symmetric }));
    const lost = await adopt(symmetric, material);
    expect(lost.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
    const stranger = await adopt(
      await foreignKey(material),
      material,
      '--key-material-id',
      'f'.repeat(64),
    );
    expect(stranger.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
    expect([other.code, wrong.code, lost.code, stranger.code]).toEqual([1, 1, 1, 1]);
    expect(existsSync('import.json')).toBe(false);
  });
});

describe('when the material that is adopted belongs to a resource of another stack', () => {
  const material = randomBytes(32);
  let other: ResourceLife;
  let keyArn: string;

  beforeEach(async () => {
    keyArn = await createKey(client);
    other = new ResourceLife({ kms });
    await other.up({
      keyId: keyArn,
      material: { inline: material.toString('base64') },
      keyMaterialDescription: 'from vault 7',
    });
  });

  it('nothing is adopted without an import that makes it the own', async () => {
    const adopted = await adopt(keyArn, material);
    expect(adopted.code).toBe(1);
    expect(adopted.stderr).toContain('[MATERIAL_OWNER]');
    expect(existsSync('import.json')).toBe(false);
  });

  it('after it, the delete of the other resource leaves the material to the new one', async () => {
    expect(await adopt(keyArn, material, '--reimport')).toMatchObject({ code: 0 });
    const { id, inputs, outputs } = importFile().resources[0]!;
    expect(outputs).toMatchObject({ keyMaterialDescription: 'from vault 7' });
    const taken = new ResourceLife({
      kms,
      recorded: { id, inputs, outs: outputs, initFailed: false },
    });
    await other.destroy();
    expect(await works(client, keyArn)).toBe(true);
    expect(other.told.join()).toContain('stays in KMS');
    await taken.destroy();
    expect(await works(client, keyArn)).toBe(false);
  });
});

describeWithImportFiles('when the real engine imports the file', () => {
  it('the next update and the one after a refresh show no change', async () => {
    const resources = await adoptAll();
    const stack = await PulumiCli.create({
      projectDir: project.programFolder,
      folder: project.engineFolder,
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    });
    kms.clearCalls();
    expect(await stack.importFile({ resources })).toMatchObject({ ok: true });
    expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 4 } });
    expect(kms.calls).toHaveLength(0);
    expect(await stack.refresh()).toMatchObject({ ok: true });
    expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 4 } });
  });

  it('material that another tool is rotating to right now is adopted, and stays as it is after it', async () => {
    const clock = new ManualClock(new Date());
    const rotating = await startKms({ clock, rotationSeconds: 60 });
    const other = clientOf(rotating);
    const { KeyMetadata } = await other.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const keyArn = KeyMetadata!.Arn!;
    const material = randomBytes(32);
    const algorithm = 'RSAES_OAEP_SHA_256';
    await importWith({ client: other }, keyArn, randomBytes(32), { algorithm });
    const { KeyMaterialId } = await importWith({ client: other }, keyArn, material, {
      algorithm,
      extras: { ImportType: 'NEW_KEY_MATERIAL' },
    });
    await other.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    clock.advance(30_000);
    const adopted = await adopt(
      keyArn,
      material,
      ...['--endpoint-url', rotating.url, '--reimport'],
    );
    expect(adopted.code).toBe(0);
    expect(importFile().resources[0]?.outputs).toMatchObject({
      keyMaterialId: KeyMaterialId,
      keyMaterialState: 'PENDING_ROTATION',
    });
    project.write(
      'index.js',
      adopted.stdout.replace(/^import (.*) from (.*);$/m, 'const $1 = require($2);'),
    );
    const stack = await PulumiCli.create({
      projectDir: project.programFolder,
      folder: project.engineFolder,
      config: { 'aws:endpoints': JSON.stringify([{ kms: rotating.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    });
    expect(await stack.importFile(importFile())).toMatchObject({ ok: true });
    expect((await stack.preview()).summary).toEqual({ same: 1 });
    clock.advance(31_000);
    expect(await stack.refresh()).toMatchObject({ ok: true });
    expect((await stack.preview()).summary).toEqual({ same: 1 });
    other.destroy();
    await rotating.close();
  });
});
