import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { externalKey, materialOf } from '../policy/shown';
import { PolicyProcess } from '../support/policy-process';

jest.setTimeout(400_000);

const ROOT = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
};

const CJS = `
const pulumi = require('@pulumi/pulumi');
const { ImportedKeyMaterial } = require('pulumi-kms-byok');
const config = new pulumi.Config();
const root = new ImportedKeyMaterial('root', {
  keyId: config.require('keyId'),
  material: { file: config.require('materialFile') },
  validTo: config.get('validTo'),
});
exports.importState = root.importState;
`;
const ESM = `
import * as pulumi from '@pulumi/pulumi';
import { ByokError, ImportedKeyMaterial } from 'pulumi-kms-byok';
import { byokPolicies } from 'pulumi-kms-byok/policy';
import { provider } from 'pulumi-kms-byok/provider';
import { startKms } from 'embedded-kms';
import { OfflineStack } from 'pulumi-offline-engine';
if (![ByokError, byokPolicies, provider.check, startKms, OfflineStack].every((item) => typeof item === 'function')) throw 0;
const config = new pulumi.Config();
const root = new ImportedKeyMaterial('root', {
  keyId: config.require('keyId'),
  material: { file: config.require('materialFile') },
  validTo: config.get('validTo'),
});
export const importState = root.importState;
`;
const TS = ESM.replace('throw 0', "throw new Error('exports')").replace(
  "  validTo: config.get('validTo'),",
  "  ...(config.get('validTo') === undefined ? {} : { validTo: config.require('validTo') }),",
);

/** The packages that are released together. */
const PACKAGES = ['pulumi-kms-byok', 'embedded-kms', 'pulumi-offline-engine'];

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packed: readonly Packed[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-package-'));
  packed = JSON.parse(
    execFileSync(
      'npm',
      [
        'pack',
        '--json',
        '--pack-destination',
        folder,
        ...PACKAGES.map((name) => `--workspace=${name}`),
      ],
      { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    ),
  ) as Packed[];
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An empty project, outside of this repository, that installs the tarballs. */
function install(manager: 'npm' | 'pnpm'): string {
  const project = join(folder, manager);
  mkdirSync(project);
  const { devDependencies } = manifest;
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'user',
      private: true,
      dependencies: {
        ...Object.fromEntries(
          packed.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]),
        ),
        '@pulumi/pulumi': devDependencies['@pulumi/pulumi'],
        '@aws-sdk/client-kms': '*',
        typescript: devDependencies.typescript,
        '@types/node': devDependencies['@types/node'],
        // The other project is one without policies.
        ...(manager === 'npm' ? { '@pulumi/policy': devDependencies['@pulumi/policy'] } : {}),
      },
    }),
  );
  const [command, args] =
    manager === 'npm'
      ? ['npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']]
      : [join(ROOT, 'node_modules', '.bin', 'pnpm'), ['install', '--prefer-offline']];
  execFileSync(command, args, { cwd: project, stdio: 'pipe' });
  copyFileSync(join(__dirname, 'installed-life.mjs'), join(project, 'life.mjs'));
  const programs: [string, string, string, object][] = [
    ['cjs', 'index.js', CJS, {}],
    ['esm', 'index.js', ESM, { type: 'module' }],
    ['ts', 'index.ts', TS, {}],
  ];
  for (const [name, file, text, more] of programs) {
    const program = join(project, name);
    mkdirSync(program);
    writeFileSync(join(program, 'Pulumi.yaml'), 'name: life\nruntime: nodejs\n');
    writeFileSync(join(program, file), text);
    writeFileSync(
      join(program, 'package.json'),
      JSON.stringify({ name, private: true, main: file, ...more }),
    );
  }
  return project;
}

/** One life under the same program in each of the formats, one after the other. */
function life(project: string, formats: readonly [string, string, string]): unknown {
  const programs = formats.map((format) => join(project, format));
  return JSON.parse(
    execFileSync(process.execPath, ['life.mjs', ...programs], {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // As users run it: without what the tests delay in the SDK.
      env: { ...process.env, NODE_OPTIONS: '' },
    }),
  );
}

const WHOLE = {
  created: { ok: true, summary: { create: 1 } },
  updated: { ok: true, summary: { update: 1 } },
  unchanged: { ok: true, summary: { same: 1 } },
  destroyed: { ok: true, summary: { delete: 1 } },
  worked: [true, false],
  found: [],
};

describe('when the packages are packed', () => {
  it('each has its page and its licence, and no tests or maps', () => {
    expect(packed.map(({ name }) => name).sort()).toEqual([...PACKAGES].sort());
    for (const { files } of packed) {
      const paths = files.map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js']));
      expect(paths.filter((path) => /\.map$|\.test\.|^(src|test|packages)\//.test(path))).toEqual(
        [],
      );
    }
  });
});

describe.each(['npm', 'pnpm'] as const)('when %s installs the packed packages', (manager) => {
  let project: string;

  beforeAll(() => {
    project = install(manager);
  });

  it('a life passes that cjs begins, esm updates and ts goes on with', () => {
    expect(life(project, ['cjs', 'esm', 'ts'])).toMatchObject(WHOLE);
  });

  it('every subpath resolves for require', () => {
    const script = `for (const name of ['', '/policy', '/provider', '/package.json'])
      require('pulumi-kms-byok' + name);
      for (const name of ['embedded-kms', 'pulumi-offline-engine'])
        for (const subpath of ['', '/package.json']) require(name + subpath);`;
    execFileSync(process.execPath, ['-e', script], { cwd: project, stdio: 'pipe' });
  });

  it('the types resolve under every module and resolution', () => {
    const configs = [
      ['commonjs', 'node10'],
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ].map(([module, moduleResolution]) => {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
        ...(moduleResolution === 'node10' ? { ignoreDeprecations: '6.0' } : {}),
      };
      const config = `tsconfig.${moduleResolution}.json`;
      writeFileSync(
        join(project, config),
        JSON.stringify({ compilerOptions, files: ['ts/index.ts'] }),
      );
      return config;
    });
    const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
    // One build of all: they share the declarations that they read.
    const { status, stdout } = spawnSync(process.execPath, [tsc, '--build', ...configs], {
      cwd: project,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  });

  it.each(['kms-byok', 'embedded-kms'])('the command %s is there', (command) => {
    const bin = join(project, 'node_modules', '.bin', command);
    expect(execFileSync(bin, ['--version'], { encoding: 'utf8' }).trim()).toBe(manifest.version);
  });

  it('the policy pack reviews a stack, or says what it misses', async () => {
    const start = PolicyProcess.start(
      join(project, 'node_modules', 'pulumi-kms-byok', 'policy-pack'),
    );
    if (manager === 'pnpm') {
      await expect(start).rejects.toThrow('npm install --save-dev @pulumi/policy');
      return;
    }
    const pack = await start;
    const { name, version } = await pack.info();
    expect([name, version]).toEqual(['kms-byok', manifest.version]);
    const found = await pack.review([externalKey({}, { ignoreChanges: [] }), materialOf('key')]);
    expect(found.map(({ policy, level }) => [policy, level])).toEqual([
      ['byok-ignore-changes', 'mandatory'],
    ]);
    await pack.stop();
  });
});
