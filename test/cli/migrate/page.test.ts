import type { KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cliEnvironment } from '../../../scripts/engine/environment';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, works } from '../../../packages/embedded-kms/test/support/kms-key';
import { writeProgram } from '../../scripts/write-program';
import { AWS_ENVIRONMENT, AwsProgram, configFor } from '../../support/aws-program';
import { describeWithImportFiles } from '../../support/describe-with-import-files';
import { ENGINE, PulumiCli } from '../../support/pulumi-cli';

jest.setTimeout(600_000);

const ROOT = join(__dirname, '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'how-to', 'migrate.md'), 'utf8');

/** The commands of the page, block by block, with the lines of each. */
const BLOCKS = [...PAGE.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, text = '']) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);
const [EXTRACT = [], IMPORT = [], ROLL_BACK = [], KEPT_ELSEWHERE = []] = BLOCKS;

let kms: EmbeddedKms;
let client: KMSClient;
let project: AwsProgram;
let stack: PulumiCli;
let environment: NodeJS.ProcessEnv;
let material: Buffer;
let keyId: string;

beforeEach(async () => {
  kms = await startKms();
  client = clientOf(kms);
  project = new AwsProgram(kms);
  material = randomBytes(32);
  const bin = join(project.path, 'bin');
  const cli = join(ROOT, 'dist', 'cli', 'bin.js');
  writeProgram(join(bin, 'npx'), `shift; exec "${process.execPath}" "${cli}" "$@"`);
  // Nobody is there to answer a question.
  writeProgram(join(bin, 'pulumi'), `exec "${ENGINE?.program ?? ''}" --non-interactive "$@"`);
  environment = {
    ...cliEnvironment(ENGINE!, project.engineFolder, 'test'),
    ...AWS_ENVIRONMENT,
    AWS_ENDPOINT_URL_KMS: kms.url,
    PATH: `${bin}:${ENGINE?.path ?? ''}`,
  };
  stack = await PulumiCli.create({
    projectDir: project.programFolder,
    folder: project.engineFolder,
    config: configFor(kms),
    env: AWS_ENVIRONMENT,
  });
  declareBefore();
  expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 1 } });
  const { resources } = (await stack.exportState()).deployment;
  keyId = String(resources.find(({ urn }) => String(urn).endsWith('::root'))?.id);
  kms.clearCalls();
});

afterEach(async () => {
  project.remove();
  client.destroy();
  await kms.close();
});

function declareBefore(): void {
  const args = {
    description: 'root',
    enabled: true,
    keyMaterialBase64: material.toString('base64'),
  };
  project.program(`new aws.kms.ExternalKey('root', ${JSON.stringify(args)});`);
}

/** Step 2 of the page. */
function declareAfter(): void {
  const printed = readFileSync(inProject('material.ts'), 'utf8').replace(/^import .*$/m, '');
  project.program(`
    const { ImportedKeyMaterial } = byok;
    new aws.kms.ExternalKey('root', { description: 'root', enabled: true },
      { ignoreChanges: ['keyMaterialBase64', 'validTo', 'enabled'], protect: true });
    ${printed}`);
}

const inProject = (name: string): string => join(project.programFolder, name);

/** Runs lines of the page in one shell, word for word. */
const sh = (lines: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(
      'bash',
      ['-e', '-c', lines.join('\n')],
      { cwd: project.programFolder, env: environment },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
      },
    );
  });

async function run(lines: readonly string[]): Promise<string> {
  const { code, output } = await sh(lines);
  if (code !== 0) throw new Error(`${lines.join('; ')}: ${output}`);
  return output;
}

/** Step 3 of the page. Then the stack is where the page leads to, and no material was lost. */
async function completeMigration(): Promise<void> {
  await run(IMPORT.slice(0, -1));
  expect(await run(IMPORT.slice(-1))).toMatch(/^Resources:\n +\d+ unchanged\n+$/m);
  expect(readFileSync(inProject('secrets/root.bin'))).toEqual(material);
  expect(statSync(inProject('secrets/root.bin')).mode & 0o777).toBe(0o600);
  expect(statSync(inProject('secrets')).mode & 0o777).toBe(0o700);
  const { resources } = (await stack.exportState('--show-secrets')).deployment;
  expect(resources.map(({ type }) => String(type).split(':').at(-1))).toEqual(
    expect.arrayContaining(['ExternalKey', 'ImportedKeyMaterial']),
  );
  expect(searchMaterial(material, Buffer.from(JSON.stringify(resources)))).toEqual([]);
  expect(await works(client, keyId)).toBe(true);
  const called = new Set(kms.calls.map(({ operation }) => operation));
  for (const operation of ['CreateKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial']) {
    expect(called).not.toContain(operation);
  }
}

describeWithImportFiles('when the commands of the page on migrating are run', () => {
  it('word for word, nothing is replaced, and the material is in the file only', async () => {
    expect(existsSync(inProject('secrets'))).toBe(false);
    const said = await run(EXTRACT);
    expect(said).toContain('1 material in the export: 1 in files');
    declareAfter();
    await completeMigration();
  });

  it('each step may be interrupted after each command, and run again', async () => {
    for (let done = 1; done <= EXTRACT.length; done += 1) await run(EXTRACT.slice(0, done));
    // An interruption leaves any of the written files, without those after it.
    const written = ['secrets/root.bin', 'import.json', 'after.json'];
    for (let kept = 0; kept < written.length; kept += 1) {
      const contents = written.map((name) => readFileSync(inProject(name), 'utf8'));
      for (const name of written.slice(kept)) rmSync(inProject(name));
      project.write('after.json.unfinished', '{"version": 3');
      chmodSync(inProject('after.json.unfinished'), 0o600);
      await run(EXTRACT);
      expect(existsSync(inProject('after.json.unfinished'))).toBe(false);
      expect(written.map((name) => readFileSync(inProject(name), 'utf8'))).toEqual(contents);
    }
    declareAfter();
    for (let done = 1; done < IMPORT.length; done += 1) await run(IMPORT.slice(0, done));
    await completeMigration();
  });

  it('the first step after the third writes nothing over what there is', async () => {
    await run(EXTRACT);
    declareAfter();
    await run(IMPORT.slice(0, 1));
    const files = ['secrets/root.bin', 'import.json', 'after.json'];
    const contents = files.map((name) => readFileSync(inProject(name), 'utf8'));
    const said = await run(EXTRACT.map((line) => line.replace(/ > material\.ts$/, '')));
    expect(said).toContain('nothing was written');
    expect(files.map((name) => readFileSync(inProject(name), 'utf8'))).toEqual(contents);
  });

  const rollBack = async (imported: number): Promise<void> => {
    await run(EXTRACT);
    await run(IMPORT.slice(0, imported));
    await run(ROLL_BACK);
    declareBefore();
    expect((await stack.preview()).summary).toEqual({ same: 1 });
    const state = Buffer.from(JSON.stringify(await stack.exportState('--show-secrets')));
    expect(searchMaterial(material, state)).not.toEqual([]);
    expect(await works(client, keyId)).toBe(true);
  };

  it('rolled back after stack import, the stack is where it was', async () => {
    await rollBack(1);
  });

  it('rolled back after both imports, the stack is where it was, and can be migrated again', async () => {
    await rollBack(2);
    await run(EXTRACT);
    declareAfter();
    await completeMigration();
  });

  it('with the material elsewhere, only a proof lets it leave an encrypted export', async () => {
    project.write('root.bin', randomBytes(32));
    const wrong = await sh(KEPT_ELSEWHERE);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('[MATERIAL_NOT_IN_KEY]');
    expect(existsSync(inProject('after.json'))).toBe(false);
    project.write('root.bin', material);
    await run(
      KEPT_ELSEWHERE.map((line) =>
        line.startsWith('npx kms-byok') ? `${line} > material.ts` : line,
      ),
    );
    declareAfter();
    await run(IMPORT);
    expect((await stack.preview()).summary).toEqual({ same: 2 });
    const state = Buffer.from(JSON.stringify(await stack.exportState('--show-secrets')));
    expect(searchMaterial(material, state)).toEqual([]);
  });
});
