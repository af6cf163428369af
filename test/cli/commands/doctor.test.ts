import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliEnvironment } from '../../../scripts/engine/environment';
import { diagnoseRuntime } from '../../../src/cli/doctor/runtime';
import { diagnoseProject as diagnose } from '../../../src/cli/doctor/project';
import { projectOf } from '../../../src/cli/doctor/project-file';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis';
import { isAtLeast } from '../../../src/cli/version';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../../packages/embedded-kms/test/support/kms-key';
import { describeWithPulumi } from '../../support/describe-with-pulumi';
import { ENGINE } from '../../support/pulumi-cli';
import { OWN_MANIFEST, WrappedProgram } from '../../support/nested-package';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';

useEmbeddedCredentials();
const inFolder = temporaryFolder();

let projects = 0;

/** A project with packages of these versions in its node_modules. */
function project(
  packages: Record<string, string>,
  settings = 'name: p\nruntime: nodejs\n',
): string {
  projects += 1;
  const name = `project-${projects}`;
  mkdirSync(inFolder(name, 'node_modules'), { recursive: true });
  writeFileSync(inFolder(name, 'Pulumi.yaml'), settings);
  for (const [dependency, version] of Object.entries(packages)) {
    const folder = inFolder(name, 'node_modules', ...dependency.split('/'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/package.json`, JSON.stringify({ name: dependency, version }));
  }
  return inFolder(name);
}

const WELL = {
  'pulumi-kms-byok': '0.1.0',
  '@pulumi/pulumi': '3.270.0',
  '@pulumi/aws': '7.48.0',
};

const diagnoseProject = (folder: string): Diagnosis[] => diagnose(projectOf(folder));

const verdicts = (found: readonly Diagnosis[]): Record<string, string> =>
  Object.fromEntries(found.map(({ name, verdict }) => [name, verdict]));
const named = (found: readonly Diagnosis[], name: string): Diagnosis =>
  found.find((one) => one.name === name)!;

describe('when doctor looks at a project', () => {
  it('finds its file under either name, in the folder or above it', () => {
    const folder = project(WELL);
    renameSync(`${folder}/Pulumi.yaml`, `${folder}/Pulumi.yml`);
    expect(projectOf(`${folder}/node_modules`)).toMatchObject({
      folder,
      file: `${folder}/Pulumi.yml`,
      settings: { name: 'p', runtime: 'nodejs' },
    });
  });

  it('finds nothing wrong with one that is well', () => {
    expect(verdicts(diagnoseProject(project({ ...WELL, typescript: '6.0.3' })))).toEqual({
      'Pulumi project': 'ok',
      'pulumi-kms-byok': 'ok',
      '@pulumi/pulumi': 'ok',
      '@pulumi/aws': 'ok',
      TypeScript: 'ok',
    });
  });

  it.each([
    [undefined, 'skipped'],
    ['6.83.0', 'warning'],
    ['7.0.0', 'ok'],
  ])('with @pulumi/aws %s it says %s', (version, verdict) => {
    const { '@pulumi/aws': _, ...others } = WELL;
    const packages = version === undefined ? others : { ...others, '@pulumi/aws': version };
    expect(named(diagnoseProject(project(packages)), '@pulumi/aws').verdict).toBe(verdict);
  });

  it('knows TypeScript 7', () => {
    const found = diagnoseProject(project({ ...WELL, typescript: '7.0.2' }));
    expect(named(found, 'TypeScript')).toMatchObject({ verdict: 'warning', found: '7.0.2' });
  });

  it("knows pnpm's layout, in which no indirect dependency is found", () => {
    const folder = project({ '@pulumi/pulumi': '3.270.0' });
    mkdirSync(`${folder}/node_modules/.pnpm/node_modules/pulumi-kms-byok`, { recursive: true });
    const { verdict, remedy } = named(diagnoseProject(folder), 'pulumi-kms-byok');
    expect({ verdict, remedy }).toEqual({
      verdict: 'problem',
      remedy: 'pnpm add pulumi-kms-byok, in the folder of the program',
    });
  });

  it('knows an SDK that is too old or not there, other runtimes, and Yarn PnP', () => {
    const old = diagnoseProject(project({ ...WELL, '@pulumi/pulumi': '3.228.9' }));
    expect(named(old, '@pulumi/pulumi').verdict).toBe('problem');
    const none = diagnoseProject(project({}));
    expect(named(none, '@pulumi/pulumi').verdict).toBe('problem');
    expect(named(none, 'pulumi-kms-byok').remedy).toContain('npm install');
    const python = diagnoseProject(project(WELL, 'name: p\nruntime: python\n'));
    expect(named(python, 'Pulumi project').verdict).toBe('problem');
    const folder = project(WELL);
    writeFileSync(`${folder}/.pnp.cjs`, '');
    expect(named(diagnoseProject(folder), 'Yarn').verdict).toBe('warning');
  });

  it('looks where main names the program', () => {
    const folder = project({}, 'name: p\nruntime:\n  name: nodejs\nmain: infra\n');
    mkdirSync(`${folder}/infra/node_modules/pulumi-kms-byok`, { recursive: true });
    writeFileSync(
      `${folder}/infra/node_modules/pulumi-kms-byok/package.json`,
      '{"version":"1.0.0"}',
    );
    expect(named(diagnoseProject(folder), 'pulumi-kms-byok').found).toBe('1.0.0');
  });
});

describe('when a project has the native plugin', () => {
  const PLUGIN = join(__dirname, '..', '..', '..', 'plugin');
  const found = async (settings: string) => {
    const args = ['doctor', '--offline', '--json', '--project', project({}, settings)];
    const { code, stdout } = await runCli(args);
    return { code, all: JSON.parse(stdout) as Diagnosis[] };
  };
  const ofPlugin = (all: readonly Diagnosis[]): string[] =>
    all.filter(({ name }) => name.startsWith('Native plugin')).map(({ verdict }) => verdict);

  it.each([
    ['added', `packages:\n  kms-byok: ${PLUGIN}\n`],
    [
      'added with its version',
      `packages:\n  kms-byok:\n    source: ${PLUGIN}\n    version: 0.1.0\n`,
    ],
    ['named in a list', `plugins:\n  providers:\n    - name: kms-byok\n      path: ${PLUGIN}\n`],
    ['named on one line', `plugins:\n  providers:\n    - { name: kms-byok, path: ${PLUGIN} }\n`],
  ])(
    '%s, a program in another language is well, and Node.js starts the plugin',
    async (_how, plugin) => {
      const { all } = await found(`name: p\nruntime: python\n${plugin}`);
      expect(named(all, 'Pulumi project').verdict).toBe('ok');
      expect(ofPlugin(all)).toEqual(['ok', 'ok']);
      expect(named(all, 'pulumi-kms-byok')).toBeUndefined();
    },
  );

  it('the plugin of a Node.js program is checked beside its packages', async () => {
    const { all } = await found(`name: p\nruntime: nodejs\npackages:\n  kms-byok: ${PLUGIN}\n`);
    expect(ofPlugin(all)).toEqual(['ok', 'ok']);
    expect(named(all, 'pulumi-kms-byok').verdict).toBe('problem');
  });

  it('it says what is missing: the plugin, its version, or what it needs to start', async () => {
    const none = await found('name: p\nruntime: yaml\n');
    expect(none.code).toBe(2);
    expect(named(none.all, 'Pulumi project').remedy).toContain('pulumi package add');
    const absent = await found('name: p\nruntime: yaml\npackages:\n  kms-byok: ./nowhere\n');
    expect(ofPlugin(absent.all)).toEqual(['problem']);
    const other = inFolder('other', 'plugin');
    mkdirSync(other, { recursive: true });
    writeFileSync(`${other}/PulumiPlugin.yaml`, 'runtime: nodejs\n');
    writeFileSync(`${other}/index.js`, "require('@pulumi/pulumi/none');\n");
    writeFileSync(inFolder('other', 'package.json'), JSON.stringify({ version: '7.0.0' }));
    const { all } = await found(`name: p\nruntime: yaml\npackages:\n  kms-byok: ${other}\n`);
    expect(ofPlugin(all)).toEqual(['problem', 'problem']);
    expect(named(all, 'Native plugin, start').found).toContain('@pulumi/pulumi/none');
    const git = await found(
      'name: p\nruntime: yaml\npackages:\n  kms-byok: example.com/repo@1.0.0\n',
    );
    expect(ofPlugin(git.all)).toEqual(['skipped']);
  });
});

describe('when a package of the company uses this package', () => {
  let program: WrappedProgram;

  beforeEach(() => {
    program = new WrappedProgram();
  });

  afterEach(() => {
    program.remove();
  });

  const found = async () => {
    const args = ['doctor', '--offline', '--json', '--project', program.programFolder];
    const { code, stdout } = await runCli(args);
    const all = JSON.parse(stdout) as Diagnosis[];
    return { code, own: all.filter(({ name }) => name.startsWith('pulumi-kms-byok')) };
  };

  it('and nobody else has it, doctor says what to install', async () => {
    const { code, own } = await found();
    expect(code).toBe(2);
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ verdict: 'problem' });
    expect(own[0]!.found).toContain(program.nested);
    expect(own[0]!.remedy).toContain(`npm install pulumi-kms-byok@${OWN_MANIFEST.version}`);
  });

  it.each([
    ['the same version', {}, ['ok']],
    ['another version', { version: '0.1.99' }, ['ok', 'warning']],
    ['another major version', { version: '7.0.0' }, ['ok', 'problem']],
    ['another layout of the state', { stateSchemaVersion: 99 }, ['ok', 'problem']],
  ])('and the program has %s, doctor compares them', async (_name, changes, expected) => {
    program.hoist(changes);
    const { own } = await found();
    expect(own.map(({ verdict }) => verdict)).toEqual(expected);
    for (const folder of expected.length > 1 ? [program.nested, program.hoisted] : []) {
      expect(own[1]!.found).toContain(folder);
    }
  });
});

describe('when doctor looks at the runtime', () => {
  it('refuses a Node.js or an OpenSSL that cannot do it', () => {
    expect(verdicts(diagnoseRuntime('22.0.0', undefined, true))).toEqual({
      'Node.js': 'ok',
      OpenSSL: 'ok',
      'Key exchange': 'ok',
    });
    // The AWS SDK announces its end.
    expect(verdicts(diagnoseRuntime('20.19.0'))['Node.js']).toBe('warning');
    expect(verdicts(diagnoseRuntime('18.20.0', ['aes-256-gcm'], false))).toEqual({
      'Node.js': 'problem',
      OpenSSL: 'problem',
      'Key exchange': 'skipped',
    });
  });

  it.each([
    ['20.19.0', '20.19.0', true],
    ['v22.0.0', '20.19.0', true],
    ['20.18.9', '20.19.0', false],
    ['3.254.0-alpha.1', '3.254.0', true],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
  });
});

describe('when doctor looks at the stack', () => {
  const DEV =
    'config:\n  aws:region: eu-north-1\n  aws:httpsProxy: "http://a:hunter2@proxy.example:3128"\n';

  const ofStack = async (
    files: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) => {
    const folder = project(WELL);
    for (const [file, text] of Object.entries(files)) writeFileSync(`${folder}/${file}`, text);
    const ended = await runCli(['doctor', '--offline', '--json', '--project', folder, ...args], {
      env: { PULUMI_HOME: folder, ...env },
    });
    expect(ended.stdout).not.toContain('hunter2');
    const found = JSON.parse(ended.stdout) as Diagnosis[];
    return { stack: named(found, 'Stack').found, proxy: named(found, 'Proxy').found, folder };
  };

  it('reads the Region and the proxy of the only one', async () => {
    expect(await ofStack({ 'Pulumi.dev.yaml': DEV })).toMatchObject({
      stack: 'dev, aws:region eu-north-1',
      proxy: 'http://proxy.example:3128 (aws:httpsProxy)',
    });
  });

  it.each([
    ["config:\n  'aws:region': 'eu-south-1' # Milan\n", 'eu-south-1'],
    ['config:\n  aws:region:\n    secure: AAABAG\n', 'is not set'],
    ['config:\n  other:aws:region: eu-south-1\n', 'is not set'],
    ['config: {"aws:region": "eu-south-1"}\n', 'eu-south-1'],
    ['config:\n  aws:region: >-\n    eu-south-1\n', 'eu-south-1'],
    ['config:\n  other:text: |\n    aws:region: eu-south-2\n', 'is not set'],
  ])('reads %j as %s', async (text, region) => {
    expect((await ofStack({ 'Pulumi.dev.yaml': text })).stack).toContain(region);
  });

  it('names the secrets that it cannot read, and the file that is not YAML', async () => {
    const secret = 'config:\n  aws:secretKey:\n    secure: AAABAG\n  aws:region: eu-north-1\n';
    expect((await ofStack({ 'Pulumi.dev.yaml': secret })).stack).toContain('aws:secretKey');
    const { stack } = await ofStack({ 'Pulumi.dev.yaml': 'config: [hunter2\n' });
    expect(stack).toContain('Pulumi.dev.yaml is not YAML');
    const folder = project(WELL, 'name: [hunter2');
    const { code, stdout } = await runCli(['doctor', '--offline', '--project', folder]);
    expect(code).toBe(2);
    expect(stdout).toContain('Pulumi.yaml is not YAML');
    expect(stdout).not.toContain('hunter2');
  });

  it('takes the one that is named, of several', async () => {
    const files = {
      'Pulumi.dev.yaml': DEV,
      'Pulumi.prod.yaml': 'config:\n  aws:region: eu-west-3\n',
    };
    expect((await ofStack(files)).stack).toContain('--stack');
    expect((await ofStack(files, ['--stack', 'prod'])).stack).toContain('eu-west-3');
    expect((await ofStack(files, [], { PULUMI_STACK: 'prod' })).stack).toContain('eu-west-3');
  });

  const [here, there] = ['file:///here', 'https://api.pulumi.com'];
  const prod = 'organization/p/prod';

  it.each([
    ['of an older CLI', { stack: prod }, {}, {}],
    [
      'in the backend of the environment',
      { stacks: { [here]: prod } },
      { PULUMI_BACKEND_URL: here },
      {},
    ],
    ['in the backend of the project', { stacks: { [here]: prod } }, {}, { backend: here }],
    [
      'in the backend of the login',
      { stacks: { [here]: 'dev', [there]: prod } },
      {},
      { login: there },
    ],
  ])('takes the one that the Pulumi CLI has selected %s', async (_how, selection, env, from) => {
    const { backend, login }: { backend?: string; login?: string } = from;
    const own = backend === undefined ? '' : `backend:\n  url: ${backend}\n`;
    const folder = project(WELL, `name: p\nruntime: nodejs\n${own}`);
    writeFileSync(`${folder}/Pulumi.dev.yaml`, DEV);
    writeFileSync(`${folder}/Pulumi.prod.yaml`, 'config:\n  aws:region: eu-west-3\n');
    mkdirSync(`${folder}/home/workspaces`, { recursive: true });
    const hash = createHash('sha1').update(`${folder}/Pulumi.yaml`).digest('hex');
    writeFileSync(`${folder}/home/workspaces/p-${hash}-workspace.json`, JSON.stringify(selection));
    if (login !== undefined)
      writeFileSync(`${folder}/home/credentials.json`, JSON.stringify({ current: login }));
    const { stdout } = await runCli(['doctor', '--offline', '--project', folder], {
      env: { PULUMI_HOME: `${folder}/home`, ...env },
    });
    expect(stdout).toContain('Stack: organization/p/prod, aws:region eu-west-3');
  });
});

describeWithPulumi('when the real CLI has selected a stack', () => {
  it('takes that one', async () => {
    const folder = project(WELL);
    const env = cliEnvironment(ENGINE!, folder, 'test');
    for (const stack of ['dev', 'prod']) {
      writeFileSync(`${folder}/Pulumi.${stack}.yaml`, '');
      execFileSync(ENGINE!.program, ['stack', 'init', stack], { cwd: folder, env, stdio: 'pipe' });
    }
    execFileSync(ENGINE!.program, ['stack', 'select', 'dev'], { cwd: folder, env, stdio: 'pipe' });
    const { stdout } = await runCli(['doctor', '--offline', '--project', folder], {
      env: { PULUMI_HOME: env.PULUMI_HOME!, PULUMI_BACKEND_URL: env.PULUMI_BACKEND_URL! },
    });
    expect(stdout).toContain('Stack: organization/p/dev');
  });
});

describe('when doctor looks at AWS', () => {
  let kms: EmbeddedKms;

  beforeAll(async () => {
    kms = await startKms();
  });

  afterAll(async () => {
    await kms.close();
  });

  const run = async (...args: string[]) => {
    const folder = ['--project', project(WELL)];
    const ended = await runCli(['doctor', '--endpoint-url', kms.url, '--json', ...folder, ...args]);
    return { code: ended.code, found: JSON.parse(ended.stdout) as Diagnosis[] };
  };

  it('reads what an import into a key needs, and changes nothing', async () => {
    const client = clientOf(kms);
    const keyArn = await createKey(client);
    client.destroy();
    kms.clearCalls();
    const { code, found } = await run('--key-id', keyArn);
    expect(code).toBe(0);
    expect(verdicts(found)).toMatchObject({
      Region: 'ok',
      'kms:ListKeys': 'ok',
      'kms:DescribeKey, kms:ListKeyRotations': 'ok',
      'kms:GetParametersForImport': 'ok',
      'kms:ImportKeyMaterial, kms:DeleteImportedKeyMaterial': 'skipped',
    });
    expect(kms.calls.map(({ operation }) => operation)).toEqual([
      'ListKeys',
      'DescribeKey',
      'ListKeyRotations',
      'GetParametersForImport',
    ]);
  });

  it('says which permission lacks, and what to do', async () => {
    kms.inject({
      operation: 'ListKeys',
      fault: { kind: 'error', type: 'AccessDeniedException', message: 'no' },
    });
    const { code, found } = await run('--region', 'eu-west-1');
    expect(code).toBe(2);
    expect(named(found, 'kms:ListKeys').remedy).toContain('allow the call');
    kms.clearFaults();
  });

  it('recognizes a key of another origin', async () => {
    const client = clientOf(kms);
    const keyArn = await createKey(client, 'AWS_KMS');
    client.destroy();
    const { code, found } = await run('--key-id', keyArn);
    expect(code).toBe(2);
    expect(found.at(-1)?.found).toContain('[KEY_ORIGIN]');
  });

  it('--offline calls nothing', async () => {
    kms.clearCalls();
    const { code, found } = await run('--offline');
    expect(code).toBe(0);
    expect(kms.calls).toEqual([]);
    expect(named(found, 'Region')).toBeUndefined();
  });

  it('shows what it found as a table', async () => {
    const client = clientOf(kms);
    const keyArn = await createKey(client);
    client.destroy();
    const folder = project({ ...WELL, typescript: '7.0.2' });
    const args = ['doctor', '--endpoint-url', kms.url, '--project', folder, '--key-id', keyArn];
    const { stdout } = await runCli(args, { env: { PATH: '' } });
    const shown = stdout
      .replaceAll(keyArn.split('/')[1]!, 'KEY')
      .replaceAll(folder, 'PROJECT')
      .replace(/^\w+ +Node\.js: .*\n(?: +-> .*\n)?/m, '')
      // They depend on the Node.js that runs this.
      .replace(/^\w+ +Key exchange: .*\n/m, '')
      .replace(/(?<=keys on the first page: )\d+/, 'N')
      .replace(/(?<=@aws-sdk.*: )[0-9.]+/g, 'VERSION');
    expect(shown).toMatchSnapshot();
  });

  it('calls the Region of the stack', async () => {
    const folder = project(WELL);
    writeFileSync(`${folder}/Pulumi.dev.yaml`, 'config:\n  aws:region: eu-north-1\n');
    const args = ['doctor', '--json', '--endpoint-url', kms.url, '--project', folder];
    const region = async (...more: string[]) =>
      named(JSON.parse((await runCli([...args, ...more])).stdout) as Diagnosis[], 'Region').found;
    expect(await region()).toBe('eu-north-1');
    expect(await region('--region', 'eu-west-3')).toBe('eu-west-3');
  });

  it('connects as an update of the stack does', async () => {
    const folder = project(WELL);
    const stack = (config: object) => {
      writeFileSync(`${folder}/Pulumi.dev.yaml`, JSON.stringify({ config }));
    };
    const found = async () => {
      const { code, stdout } = await runCli(['doctor', '--json', '--project', folder]);
      return { code, found: JSON.parse(stdout) as Diagnosis[] };
    };
    const endpoints = [{ kms: kms.url, sts: kms.url }];
    const region = { 'aws:region': 'eu-north-1' };
    const secret = { 'aws:accessKey': 'AKIA', 'aws:secretKey': { secure: 'AAABAG' } };
    kms.clearCalls();
    stack({ ...region, ...secret, 'aws:endpoints': endpoints });
    expect(named((await found()).found, 'kms:ListKeys').verdict).toBe('ok');
    const roleArn = 'arn:aws:iam::444455556666:role/byok';
    stack({ ...region, 'aws:endpoints': endpoints, 'aws:assumeRole': { roleArn } });
    expect(named((await found()).found, 'kms:ListKeys').verdict).toBe('ok');
    expect(kms.calls.map(({ operation, accountId }) => [operation, accountId])).toEqual([
      ['ListKeys', '111122223333'],
      ['AssumeRole', '111122223333'],
      ['ListKeys', '444455556666'],
    ]);
    stack({ ...region, 'aws:endpoints': endpoints, 'aws:assumeRole': {} });
    const bad = await found();
    expect(bad.code).toBe(2);
    expect(named(bad.found, 'AWS configuration').found).toContain('[AWS_CONFIG_INVALID]');
  });

  it.each(['aws:accessKey', 'aws:secretKey', 'aws:token'])(
    'takes none of the credentials of a stack if its %s is secret',
    async (part) => {
      const credentials = {
        'aws:accessKey': '999900001111',
        'aws:secretKey': 'plain',
        'aws:token': 'plain',
        [part]: { secure: 'AAABAG' },
      };
      const connection = { 'aws:region': 'eu-north-1', 'aws:endpoints': [{ kms: kms.url }] };
      const folder = project(WELL);
      const config = { ...connection, ...credentials };
      writeFileSync(`${folder}/Pulumi.dev.yaml`, JSON.stringify({ config }));
      kms.clearCalls();
      await runCli(['doctor', '--json', '--project', folder]);
      expect(kms.calls.map(({ operation, accountId }) => [operation, accountId])).toEqual([
        ['ListKeys', '111122223333'],
      ]);
    },
  );

  it('takes the Region of either variable', async () => {
    const args = ['doctor', '--json', '--endpoint-url', kms.url, '--project', project(WELL)];
    const { stdout } = await runCli(args, { env: { AWS_DEFAULT_REGION: 'eu-west-1' } });
    expect(named(JSON.parse(stdout) as Diagnosis[], 'Region').found).toBe('eu-west-1');
  });

  it('refuses a proxy of another kind, and shows nothing of it', async () => {
    const args = ['doctor', '--offline', '--project', project(WELL)];
    const env = { HTTPS_PROXY: 'socks5://user:hunter2@proxy.example' };
    const { code, stdout } = await runCli(args, { env });
    expect(code).toBe(2);
    expect(stdout).toContain('problem  Proxy: HTTPS_PROXY is not the URL of a proxy');
    expect(stdout).not.toContain('hunter2');
  });
});
