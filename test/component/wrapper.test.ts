import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { cliEnvironment } from '../../scripts/engine/environment';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { SCHEMA_VERSION } from '../../src/provider/protocol';
import { AWS_ENVIRONMENT, configFor } from '../support/aws-program';
import { availableStack } from '../support/available-stack';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { OWN_MANIFEST, WrappedProgram } from '../support/nested-package';
import { ENGINE } from '../support/pulumi-cli';
import { recordCodesIn } from '../support/seen-codes';

jest.setTimeout(300_000);

let kms: EmbeddedKms;
let program: WrappedProgram;
let keyIds: string[];

beforeEach(async () => {
  kms = await startKms();
  const client = clientOf(kms);
  keyIds = [await createKey(client), await createKey(client)];
  client.destroy();
  kms.clearCalls();
  program = new WrappedProgram();
  program.write('material.bin', randomBytes(32));
  program.write('index.js', twoMaterials());
});

afterEach(async () => {
  program.remove();
  await kms.close();
});

const RESOURCES = `
  const { ImportedKeyMaterial } = require('company');
  for (const [index, keyId] of KEY_IDS.entries()) {
    new ImportedKeyMaterial('material-' + index, { keyId, material: { file: 'material.bin' } });
  }`;

function twoMaterials(first = ''): string {
  return `${first}\n${RESOURCES.replace('KEY_IDS', JSON.stringify(keyIds))}`;
}

async function up() {
  const stack = await availableStack(program, { config: configFor(kms), env: AWS_ENVIRONMENT });
  const { ok, diagnostics } = await stack.up();
  return { ok, diagnostics, text: diagnostics.join('\n') };
}

const imports = (): number =>
  kms.calls.filter(({ operation }) => operation === 'ImportKeyMaterial').length;

describe('when the program has this package only in the node_modules of another package', () => {
  it.each([
    ['ImportedKeyMaterial', `{ keyId: 'KEY', material: { file: 'material.bin' } }`],
    ['OnDemandRotation', `{ keyId: 'KEY', keyMaterialId: 'a' }`],
    ['ImportedKey', `{ materials: [{ file: 'material.bin' }] }`],
  ])('%s says what to install, before anything is called', async (name, args) => {
    program.write(
      'index.js',
      `new (require('company').${name})('root', ${args.replace('KEY', keyIds[0]!)});`,
    );
    const { ok, text } = await up();
    expect(ok).toBe(false);
    expect(text).toContain('[PACKAGE_MISSING]');
    expect(text).toContain(program.programFolder);
    expect(text).toContain(`npm install pulumi-kms-byok@${OWN_MANIFEST.version}`);
    expect(text).not.toMatch(/Cannot find module|unhandled|\n\s+at /);
    expect(kms.calls).toEqual([]);
  });
});

describe('when the provider process finds another copy than the program', () => {
  it('says nothing of one of the same version', async () => {
    program.hoist();
    expect(await up()).toEqual({ ok: true, diagnostics: [], text: '' });
    expect(imports()).toBe(2);
  });

  it('warns once of one of another version, with both versions and folders', async () => {
    program.hoist({ version: '0.1.99' });
    const { ok, diagnostics, text } = await up();
    expect(ok).toBe(true);
    expect(diagnostics).toHaveLength(1);
    for (const part of [OWN_MANIFEST.version, program.nested, '0.1.99', program.hoisted]) {
      expect(text).toContain(part);
    }
    expect(imports()).toBe(2);
  });

  it.each([
    ['of another major version', { version: '7.0.0' }],
    ['with another layout of the state', { stateSchemaVersion: SCHEMA_VERSION + 1 }],
  ])('refuses one %s, before anything is called', async (_name, changes) => {
    program.hoist(changes);
    const { ok, text } = await up();
    expect(ok).toBe(false);
    recordCodesIn(text);
    expect(text).toContain('[PACKAGE_VERSION]');
    for (const part of [program.nested, program.hoisted]) expect(text).toContain(part);
    expect(text).not.toMatch(/unhandled|\n\s+at /);
    expect(kms.calls).toEqual([]);
  });

  it('the manifest has the layout of the state that the provider writes', () => {
    expect(OWN_MANIFEST.stateSchemaVersion).toBe(SCHEMA_VERSION);
  });
});

describe('when the folder of the process is not the one of the provider process', () => {
  it('a program that changes its folder is not refused', async () => {
    program.hoist();
    program.write(
      'index.js',
      twoMaterials("const byok = require('company');\nprocess.chdir('/');"),
    );
    expect(await up()).toEqual({ ok: true, diagnostics: [], text: '' });
  });

  const run = async (script: string, cwd: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
    program.write('script.js', script);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(program.programFolder, 'script.js')],
      { cwd, env: { ...process.env, ...env } },
    );
    return stdout;
  };

  it('a unit test with the mocks of Pulumi is not refused', async () => {
    const printed = await run(
      `const pulumi = require('@pulumi/pulumi');
       pulumi.runtime.setMocks({
         newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
         call: ({ inputs }) => inputs,
       }).then(() => {
         ${twoMaterials()}
         return pulumi.runtime.disconnect();
       }).then(() => console.log('ended'));`,
      tmpdir(),
    );
    expect(printed).toBe('ended\n');
  });

  describeWithPulumi('under the Automation API', () => {
    const inline = async (cwd: string, options: string): Promise<string> =>
      run(
        `const { LocalWorkspace } = require('@pulumi/pulumi/automation');
         const run = async () => {
           const program = async () => { ${twoMaterials()} };
           const stack = await LocalWorkspace.createOrSelectStack(
             { stackName: 'test', projectName: 'life', program },
             ${options},
           );
           await stack.setAllConfig(${JSON.stringify(
             Object.fromEntries(
               Object.entries(configFor(kms)).map(([key, value]) => [key, { value }]),
             ),
           )});
           const { stdout, stderr, summary } = await stack.up();
           console.log(JSON.stringify({ result: summary.result, text: stdout + stderr }));
         };
         run().catch(({ message }) => console.log(JSON.stringify({ text: message })));`,
        cwd,
        { ...cliEnvironment(ENGINE!, program.engineFolder, 'test'), ...AWS_ENVIRONMENT },
      );

    it.each([
      ['the folder of its workDir', tmpdir, () => `{ workDir: '${program.programFolder}' }`],
      ['the current folder without a workDir', () => program.programFolder, () => '{}'],
      [
        'the folder that main names',
        tmpdir,
        () =>
          `{ projectSettings: { name: 'life', runtime: 'nodejs', main: '${program.programFolder}' } }`,
      ],
    ])('the provider process of an inline program has %s', async (_name, cwd, options) => {
      program.hoist();
      const printed = await inline(cwd(), options());
      const { result, text } = JSON.parse(printed) as { result: string; text: string };
      expect([result, text]).toEqual(['succeeded', text]);
      expect(text).not.toMatch(/PACKAGE_|the program uses/);
      expect(imports()).toBe(2);
    });

    it('an inline program without a workDir fails where nothing is installed', async () => {
      program.hoist();
      expect(await inline(program.engineFolder, '{}')).toContain(
        "Cannot find module '@pulumi/pulumi/cmd/dynamic-provider'",
      );
      expect(kms.calls).toEqual([]);
    });
  });
});
