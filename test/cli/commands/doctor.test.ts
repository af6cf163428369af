import { mkdirSync, writeFileSync } from 'node:fs';
import { diagnoseRuntime } from '../../../src/cli/doctor/runtime';
import { diagnoseProject } from '../../../src/cli/doctor/project';
import { isAtLeast, type Diagnosis } from '../../../src/cli/doctor/diagnosis';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../../packages/embedded-kms/test/support/kms-key';
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

const WELL = { 'pulumi-kms-byok': '0.1.0', '@pulumi/pulumi': '3.270.0' };

const verdicts = (found: readonly Diagnosis[]): Record<string, string> =>
  Object.fromEntries(found.map(({ name, verdict }) => [name, verdict]));
const named = (found: readonly Diagnosis[], name: string): Diagnosis =>
  found.find((one) => one.name === name)!;

describe('when doctor looks at a project', () => {
  it('finds nothing wrong with one that is well', () => {
    expect(verdicts(diagnoseProject(project({ ...WELL, typescript: '6.0.3' })))).toEqual({
      'Pulumi project': 'ok',
      'pulumi-kms-byok': 'ok',
      '@pulumi/pulumi': 'ok',
      TypeScript: 'ok',
    });
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

describe('when doctor looks at the runtime', () => {
  it('refuses a Node.js or an OpenSSL that cannot do it', () => {
    expect(verdicts(diagnoseRuntime('20.19.0'))).toEqual({ 'Node.js': 'ok', OpenSSL: 'ok' });
    expect(verdicts(diagnoseRuntime('18.20.0', ['aes-256-gcm']))).toEqual({
      'Node.js': 'problem',
      OpenSSL: 'problem',
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
      .replaceAll(process.versions.node, 'VERSION')
      .replace(/\d+(?= keys on)/, 'N')
      .replace(/(?<=@aws-sdk.*: )[0-9.]+/g, 'VERSION');
    expect(shown).toMatchSnapshot();
  });

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
