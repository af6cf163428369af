import { DeleteImportedKeyMaterialCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ProjectFolder } from '../support/project-folder';
import { describeWithImportFiles } from '../support/describe-with-import-files';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(240_000);

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

describeWithPulumi('when the real engine runs a program', () => {
  let kms: EmbeddedKms;
  let client: KMSClient;
  let keyId: string;
  let project: ProjectFolder;
  let stack: PulumiCli;
  let args: Record<string, unknown>;

  beforeAll(async () => {
    kms = await startKms();
    client = clientOf(kms);
  });

  afterAll(async () => {
    client.destroy();
    await kms.close();
  });

  beforeEach(async () => {
    keyId = await createKey(client);
    kms.clearCalls();
    kms.clearFaults();
    project = new ProjectFolder();
    args = { keyId, material: { file: project.write('material.bin', randomBytes(32)) } };
    stack = await PulumiCli.create({
      projectDir: project.programFolder,
      folder: project.engineFolder,
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: 'eu-west-1',
      },
    });
  });

  afterEach(() => {
    project.remove();
  });

  it('material is imported, kept, given another expiry, healed and deleted', async () => {
    project.declare({ root: { args: { ...args, validTo: inDays(30) } } });
    const created = await stack.upWithPreview();
    expect(created.ok).toBe(true);
    expect(await stack.outputs()).toMatchObject({ root: 'IMPORTED' });
    expect(created.output).not.toMatch(/NodeVersionSupportWarning|Infoerr/);
    expect(await works(client, keyId)).toBe(true);

    kms.clearCalls();
    expect((await stack.up()).summary).toEqual({ same: 1 });
    expect(kms.calls).toHaveLength(0);
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.up()).summary).toEqual({ same: 1 });

    project.declare({ root: { args: { ...args, validTo: inDays(60) } } });
    expect((await stack.up()).summary).toEqual({ update: 1 });
    expect(await works(client, keyId)).toBe(true);

    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    expect((await stack.refresh()).ok).toBe(true);
    project.declare({ root: { args } });
    expect((await stack.up()).summary).toEqual({ update: 1 });
    expect(await works(client, keyId)).toBe(true);

    expect((await stack.destroy()).summary).toEqual({ delete: 1 });
    expect(await works(client, keyId)).toBe(false);
  });

  it('a targeted destroy of guarded material is refused, until an update lifts the guard', async () => {
    const guarded = { ...args, deleteUnlessUsedWithin: '30d' };
    project.declare({ root: { args: guarded } });
    expect((await stack.up()).ok).toBe(true);
    const target = ['--target', '**root'];
    const refused = await stack.destroy(...target);
    expect(refused.ok).toBe(false);
    // The key is new, so KMS need not show this use yet.
    expect(refused.output).toContain('[USAGE_UNKNOWN]');
    expect(await works(client, keyId)).toBe(true);
    project.declare({ root: { args } });
    kms.clearCalls();
    expect((await stack.up()).summary).toEqual({ update: 1 });
    expect(kms.calls).toEqual([]);
    expect((await stack.destroy(...target)).ok).toBe(true);
    expect(await works(client, keyId)).toBe(false);
  });

  it('a preview with a saved plan shows what will happen and calls nothing', async () => {
    project.declare({ root: { args } });
    const plan = join(project.engineFolder, 'plan.json');
    const preview = await stack.preview(plan);
    expect(preview.ok).toBe(true);
    expect(preview.output).toMatch(/ImportedKeyMaterial +root +create/);
    expect(kms.calls).toHaveLength(0);
    const { resourcePlans } = JSON.parse(readFileSync(plan, 'utf8')) as {
      resourcePlans: Record<string, unknown>;
    };
    expect(Object.keys(resourcePlans).some((urn) => urn.endsWith('::root'))).toBe(true);
  });

  it('an output of one resource may be an input of another, unknown in the preview', async () => {
    project.declare({
      root: { args },
      same: { args: { ...args, keyId: { $output: ['root', 'keyArn'] } } },
    });
    expect((await stack.upWithPreview()).ok).toBe(true);
    expect(await stack.outputs()).toMatchObject({ root: 'IMPORTED', same: 'IMPORTED' });
  });

  it('bytes that are different fail the preview with what to do', async () => {
    project.declare({ root: { args } });
    await stack.up();
    const other = project.write('other.bin', randomBytes(32));
    project.declare({ root: { args: { ...args, material: { file: other } } } });
    const preview = await stack.preview();
    expect(preview.ok).toBe(false);
    expect(preview.output).toContain('[MATERIAL_DIFFERS]');
    expect(await works(client, keyId)).toBe(true);
  });

  it('a failed import leaves nothing behind, and the next update completes it', async () => {
    kms.inject({
      operation: 'ImportKeyMaterial',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'not now' },
    });
    project.declare({ root: { args } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(failed.output).toContain('[KMS_ACCESS_DENIED]');
    expect((await stack.up()).summary).toEqual({ create: 1 });
    expect(await works(client, keyId)).toBe(true);
  });

  it('material under ignoreChanges need not be there again', async () => {
    project.declare({ root: { args } });
    await stack.up();
    const absent = { ...args, material: { file: 'absent.bin' } };
    project.declare({ root: { args: absent, opts: { ignoreChanges: ['material'] } } });
    expect((await stack.up()).summary).toEqual({ same: 1 });
  });

  it('what is protected by deletionProtection survives a destroy', async () => {
    project.declare({ root: { args: { ...args, deletionProtection: true } } });
    await stack.up();
    const destroyed = await stack.destroy();
    expect(destroyed.ok).toBe(false);
    expect(destroyed.output).toContain('[DELETION_PROTECTED]');
    expect(await works(client, keyId)).toBe(true);
  });

  describeWithImportFiles('with an import file', () => {
    it('it adopts what exists, and the next update changes nothing', async () => {
      project.declare({ root: { args } });
      await stack.up();
      const exported = await stack.exportState();
      const { type, id, inputs, outputs } = exported.deployment.resources.find(({ urn }) =>
        String(urn).endsWith('::root'),
      )!;
      const second = await PulumiCli.create({
        projectDir: project.programFolder,
        folder: join(project.engineFolder, 'second'),
        config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      });
      const adopted = await second.importFile({
        resources: [{ type, name: 'root', id, inputs, outputs }],
      });
      expect(adopted.ok).toBe(true);
      kms.clearCalls();
      expect(await second.up()).toMatchObject({ ok: true, summary: { same: 1 } });
      expect(kms.calls).toHaveLength(0);
    });
  });

  it('get reads the material that another stack manages', async () => {
    project.declare({ root: { args } });
    await stack.up();
    const { resources } = (await stack.exportState()).deployment;
    const { id } = resources.find(({ urn }) => String(urn).endsWith('::root'))!;
    project.write(
      'index.js',
      `const { ImportedKeyMaterial } = require('pulumi-kms-byok');
       const seen = ImportedKeyMaterial.get('root', ${JSON.stringify(id)});
       exports.seen = seen.importState;`,
    );
    const other = await PulumiCli.create({
      projectDir: project.programFolder,
      folder: join(project.engineFolder, 'other'),
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    });
    expect((await other.up()).ok).toBe(true);
    expect(await other.outputs()).toEqual({ seen: 'IMPORTED' });
  });
});
