import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEBIAN_PROGRAMS, findProgram, installProgram } from '../../../scripts/test-tools/debian';
import { buildTokenPackage, findTokenPackage } from '../../../scripts/test-tools/token-package';
import { runScript } from '../run-script';
import { writeProgram } from '../write-program';

describe('when the tools that tests need are installed', () => {
  const { PATH, npm_config_nodedir: configured } = process.env;
  let folder: string;

  const putOnPath = (): void => {
    process.env.PATH = `${folder}:${String(PATH)}`;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-tools-'));
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.env.PATH = PATH;
    if (configured !== undefined) process.env.npm_config_nodedir = configured;
    rmSync(folder, { recursive: true });
  });

  it('Chromium is found by each of its names', () => {
    expect(findProgram(DEBIAN_PROGRAMS.chromium, { PATH: folder })).toBeUndefined();
    const program = join(folder, 'chromium-browser');
    writeProgram(program, '');
    expect(findProgram(DEBIAN_PROGRAMS.chromium, { PATH: `/nowhere:${folder}` })).toBe(program);
  });

  it('a user other than root is asked to install Chromium', async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(1000);
    await expect(installProgram(DEBIAN_PROGRAMS.chromium, () => undefined)).rejects.toThrow(
      'only root can install it. Run: sudo apt-get install chromium',
    );
  });

  it('the lists of Debian are read once for several programs', async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(0);
    const calls = join(folder, 'calls');
    writeProgram(join(folder, 'apt-get'), `echo "$1 $4" >> ${calls}`);
    putOnPath();
    await installProgram(DEBIAN_PROGRAMS.xxd, () => undefined);
    await installProgram(DEBIAN_PROGRAMS.jq, () => undefined);
    expect(readFileSync(calls, 'utf8')).toBe('update \ninstall xxd\ninstall jq\n');
  });

  it('the native part of pkcs11js is found only where it was made', () => {
    const made = join(folder, 'node_modules', 'pkcs11js', 'build', 'Release');
    mkdirSync(made, { recursive: true });
    expect(findTokenPackage(folder)).toBeUndefined();
    writeProgram(join(made, 'pkcs11.node'), '');
    expect(findTokenPackage(folder)).toBe(join(made, 'pkcs11.node'));
  });

  it.each([
    ['with the headers beside Node.js', true],
    ['with those that npm gets, without such', false],
  ])('the native part is made %s', async (_what, hasHeaders) => {
    const seen = join(folder, 'seen');
    writeProgram(join(folder, 'npm'), `echo "$npm_config_nodedir" > ${seen}`);
    if (hasHeaders) writeProgram(join(folder, 'include', 'node', 'node_api.h'), '');
    putOnPath();
    delete process.env.npm_config_nodedir;
    await buildTokenPackage(() => undefined, { node: join(folder, 'bin', 'node') });
    expect(readFileSync(seen, 'utf8')).toBe(hasHeaders ? `${folder}\n` : '\n');
  });

  it('npm makes no native part, so that npm ci needs no compiler', () => {
    const env = { PATH: process.env.PATH, HOME: folder };
    const root = join(__dirname, '..', '..', '..');
    const value = execFileSync('npm', ['config', 'get', 'ignore-scripts'], { cwd: root, env });
    expect(value.toString()).toBe('true\n');
  });

  it('each tool that cannot be installed is named with its reason, the others are still tried', async () => {
    for (const name of ['go', 'npm', 'python3', 'apt-get', 'mvn']) {
      writeProgram(join(folder, name), `echo no ${name} today >&2; exit 3`);
    }
    const { code, output } = await runScript('scripts/test-tools/main.ts', [], {
      PATH: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      HOME: folder,
    });
    expect(output).toMatch(/^the real Pulumi engine: not installed\. /m);
    expect(output).toMatch(
      /^boto3, AWS CLI, moto and Pulumi: not installed\. python3 ended with 3$/m,
    );
    expect(output).toMatch(/^Node\.js [\d.]+: not installed\. npm ended with 3$/m);
    expect(output).toContain('no python3 today');
    expect(output).toMatch(/^SOPS [\d.]+: not installed\. go ended with 3$/m);
    expect(output).toMatch(/^Pulumi's language host of YAML: not installed\. go ended with 3$/m);
    expect(output).toMatch(/^Pulumi's generators of SDKs: not installed\. go ended with 3$/m);
    expect(output).toMatch(/^Pulumi's language host of Java: not installed\. go ended with 3$/m);
    expect(output).toMatch(/^Pulumi's SDK for Java: not installed\. mvn ended with 3$/m);
    expect(output).toMatch(/^Chromium: not installed\. /m);
    expect(code).toBe(1);
  });

  it('what is here is left as it is', async () => {
    writeProgram(join(folder, 'pulumi'), 'echo v3.0.0');
    const debian = Object.values(DEBIAN_PROGRAMS).map(({ names: [name] }) => name);
    for (const name of debian) writeProgram(join(folder, name), '');
    for (const name of ['python3', 'npm', 'go']) writeProgram(join(folder, name), 'exit 3');
    const { output } = await runScript('scripts/test-tools/main.ts', [], {
      PATH: `${folder}:/bin`,
      XDG_CACHE_HOME: join(folder, 'cache'),
      HOME: folder,
    });
    expect(output).toContain(`the real Pulumi engine: ${join(folder, 'pulumi')}\n`);
    expect(output).toContain(`Chromium: ${join(folder, 'chromium')}\n`);
  });
});
