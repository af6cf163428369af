import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, works } from '../../../packages/embedded-kms/test/support/kms-key';
import { AwsProgram } from '../../support/aws-program';
import { describeWithImportFiles } from '../../support/describe-with-import-files';
import type { PulumiCli } from '../../support/pulumi-cli';
import { runCli, useEmbeddedCredentials } from '../run-cli';

jest.setTimeout(240_000);
useEmbeddedCredentials();

const MIGRATED = "ignoreChanges: ['keyMaterialBase64', 'validTo', 'enabled'], protect: true";

let kms: EmbeddedKms;
let client: KMSClient;
let project: AwsProgram;
let stack: PulumiCli;
let home: string;
/** Of the key that is to be deleted, and of the one that replaced it. */
let old: Buffer;
let live: Buffer;

beforeEach(async () => {
  kms = await startKms();
  client = clientOf(kms);
  project = new AwsProgram(kms);
  home = process.cwd();
  process.chdir(project.programFolder);
  [old, live] = [randomBytes(32), randomBytes(32)];
  stack = await project.real();
  declare(old);
  expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 1 } });
  kms.inject({
    operation: 'ScheduleKeyDeletion',
    times: 1000,
    fault: { kind: 'error', type: 'AccessDeniedException' },
  });
  declare(live);
  expect((await stack.up()).ok).toBe(false);
});

afterEach(async () => {
  process.chdir(home);
  project.remove();
  client.destroy();
  await kms.close();
});

function declare(material: Buffer): void {
  const args = {
    description: 'root',
    enabled: true,
    keyMaterialBase64: material.toString('base64'),
  };
  project.program(`new aws.kms.ExternalKey('root', ${JSON.stringify(args)});`);
}

const migrate = (stackExport: unknown, ...args: string[]) => {
  project.write('before.json', JSON.stringify(stackExport));
  return runCli([
    ...['migrate', '--endpoint-url', kms.url, '--stack-export', 'before.json', '--json'],
    ...['--out', 'after.json', '--import-file', 'import.json', ...args],
  ]);
};

/** IDs of the two keys that are under one URN. */
async function keysInState(): Promise<{ readonly live: string; readonly old: string }> {
  const { resources } = (await stack.exportState()).deployment;
  const keys = resources.filter(({ urn }) => String(urn).endsWith('::root'));
  expect(keys).toHaveLength(2);
  const idOf = (pending: boolean): string =>
    String(keys.find((key) => (key.delete === true) === pending)?.id);
  return { live: idOf(false), old: idOf(true) };
}

describeWithImportFiles('when a replacement of a key was interrupted in its deletion', () => {
  it('the key that replaced it is adopted, and the material of both is in files', async () => {
    const ids = await keysInState();
    const ended = await migrate(
      await stack.exportState('--show-secrets'),
      ...['--extract', 'secrets', '--reimport'],
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(readFileSync('secrets/root.bin')).toEqual(live);
    expect(readFileSync('secrets/root-pending-deletion.bin')).toEqual(old);
    const { program, ...report } = JSON.parse(ended.stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      materials: { found: 2, extracted: 2, named: 0, left: 0 },
      keys: [
        { name: 'root', verdict: 'same', file: 'secrets/root.bin' },
        { name: 'root-pending-deletion', onlyKept: 'pending-deletion' },
      ],
    });
    const imported = JSON.parse(readFileSync('import.json', 'utf8')) as {
      resources: { outputs: { keyArn: string } }[];
    };
    expect(imported.resources.map(({ outputs }) => outputs.keyArn.split('/')[1])).toEqual([
      ids.live,
    ]);

    project.program(`
      const { ImportedKeyMaterial } = byok;
      new aws.kms.ExternalKey('root', { description: 'root', enabled: true }, { ${MIGRATED} });
      ${String(program).replace(/^import .*$/m, '')}`);
    expect(await stack.importState('after.json')).toBe(true);
    expect(await stack.importFile(imported)).toMatchObject({ ok: true });
    // The deletion that was pending before still is, and nothing else happens.
    expect((await stack.preview()).summary).toEqual({ same: 2, 'delete-replaced': 1 });
    kms.clearFaults();
    expect(await stack.up()).toMatchObject({ ok: true });
    expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 2 } });
    expect(await works(client, ids.live)).toBe(true);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: ids.old }));
    expect(KeyMetadata?.KeyState).toBe('PendingDeletion');
    const state = Buffer.from(JSON.stringify(await stack.exportState('--show-secrets')));
    for (const material of [old, live]) expect(searchMaterial(material, state)).toEqual([]);
  });

  it('an encrypted export keeps what nothing else is known to hold', async () => {
    const encrypted = await stack.exportState();
    project.write('live.bin', live);
    project.write('old.bin', old);
    const wrong = await migrate(encrypted, '--material', 'root=file:old.bin', '--reimport');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('[MATERIAL_NOT_IN_KEY]');
    expect(existsSync('after.json')).toBe(false);

    const unproved = await migrate(encrypted, '--material', 'root=file:old.bin');
    expect(unproved.code).toBe(2);
    expect(JSON.parse(unproved.stdout)).toMatchObject({
      materials: { found: 2, extracted: 0, named: 0, left: 2 },
      keys: [{ verdict: 'unproved', left: true }, { left: true }],
    });
    const proved = await migrate(
      encrypted,
      ...['--material', 'root=file:live.bin', '--reimport', '--force'],
    );
    expect(proved.code).toBe(2);
    expect(JSON.parse(proved.stdout)).toMatchObject({
      materials: { found: 2, extracted: 0, named: 1, left: 1 },
      keys: [
        { verdict: 'same', left: false },
        { onlyKept: 'pending-deletion', left: true },
      ],
    });
    // The engine still opens what it had encrypted.
    expect(await stack.importState('after.json')).toBe(true);
    const kept = Buffer.from(JSON.stringify(await stack.exportState('--show-secrets')));
    expect(searchMaterial(old, kept)).not.toEqual([]);
    expect(searchMaterial(live, kept)).toEqual([]);
  });
});
