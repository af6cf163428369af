import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { externalKey, materialOf } from '../policy/shown';
import { installAwsDeclarations } from '../support/aws-declarations';
import { DOCUMENTED_CODE } from '../support/documented-code';
import { registryEnvironment } from '../support/registry-environment';
import { PolicyProcess } from '../support/policy-process';
import { compileInTemplate } from '../support/template-project';

jest.setTimeout(400_000);

const ROOT = join(__dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
};

const PAGE = readFileSync(join(ROOT, 'docs', 'how-to', 'use-in-your-project.md'), 'utf8');
const programOnPage = (fence: string): string => {
  const [, text] = new RegExp(`^\`\`\`${fence}\n([^]*?)^\`\`\`$`, 'm').exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`the page has no program ${fence}`);
  return text;
};
// Every other import that a project can have.
const IMPORTS = `
import { ByokError } from 'pulumi-kms-byok';
import { byokPolicies } from 'pulumi-kms-byok/policy';
import { provider } from 'pulumi-kms-byok/provider';
import { startKms } from 'embedded-kms';
import { OfflineStack } from 'pulumi-offline-engine';
if (![ByokError, byokPolicies, provider.check, startKms, OfflineStack].every((item) => typeof item === 'function'))
  throw new Error('exports');
`;
const CJS = programOnPage('js format=cjs');
const ESM = `${IMPORTS}${programOnPage('js format=esm')}`;
const TS = `${IMPORTS}${programOnPage('ts')}`;

const MANAGERS = ['npm', 'pnpm'] as const;
type Manager = (typeof MANAGERS)[number];

/** The version that the project of each manager has. The project of npm is one without policies. */
const TYPESCRIPT: Readonly<Record<Manager, string>> = {
  npm: '~5.9.3',
  pnpm: manifest.devDependencies.typescript!,
};

// The other two packages are for scripts and tests, which are modules and not programs of Pulumi.
const PROGRAMS = DOCUMENTED_CODE.filter(({ origin }) => !origin.startsWith('packages/'));

interface Compiler {
  readonly name: string;
  /** In the node_modules of the project. */
  readonly compiler: string;
  readonly expected: RegExp;
  /** Whether declarations of other packages are checked too, if {@link OF_PULUMI} does not match them. */
  readonly checksOthers: boolean;
  /** Options that the version needs beside those of the template. */
  readonly more: object;
}

/** Declarations that a program of Pulumi has without this package. */
const OF_PULUMI = /\/node_modules\/(?:typescript|@types\/node|undici-types|@pulumi\/\w+)\//;

const COMPILERS: Readonly<Record<Manager, readonly Compiler[]>> = {
  npm: [
    {
      name: '5, as Pulumi installs it',
      compiler: 'typescript',
      expected: /^5\./,
      checksOthers: true,
      more: {},
    },
  ],
  pnpm: [
    {
      name: '6, the newest that Pulumi supports',
      compiler: 'typescript',
      expected: /^6\./,
      checksOthers: true,
      // For 5, this is the default.
      more: { ignoreDeprecations: '6.0', esModuleInterop: false },
    },
    {
      name: '3.8, which Pulumi brings',
      compiler: '@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js',
      expected: /^3\.8\./,
      // Declarations that those of Pulumi import have syntax of later versions.
      checksOthers: false,
      more: {},
    },
  ],
};

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
function install(manager: Manager): string {
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
        typescript: TYPESCRIPT[manager],
        '@types/node': devDependencies['@types/node'],
        ...(manager === 'pnpm' ? { '@pulumi/policy': devDependencies['@pulumi/policy'] } : {}),
      },
    }),
  );
  const [command, args] =
    manager === 'npm'
      ? ['npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']]
      : [join(ROOT, 'node_modules', '.bin', 'pnpm'), ['install', '--prefer-offline']];
  execFileSync(command, args, { cwd: project, env: registryEnvironment(), stdio: 'pipe' });
  installAwsDeclarations(
    project,
    PROGRAMS.map(({ text }) => text),
  );
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
function life(
  manager: Manager,
  project: string,
  formats: readonly [string, string, string],
): unknown {
  const programs = formats.map((format) => join(project, format));
  return JSON.parse(
    execFileSync(process.execPath, ['life.mjs', ...programs], {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm as users run it, without what the tests delay in the SDK; that is most of the time.
      env: manager === 'npm' ? { ...process.env, NODE_OPTIONS: '' } : process.env,
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

describe.each(MANAGERS)('when %s installs the packed packages', (manager) => {
  let project: string;

  beforeAll(() => {
    project = install(manager);
  });

  it('a life passes that cjs begins, esm updates and ts goes on with', () => {
    expect(life(manager, project, ['cjs', 'esm', 'ts'])).toMatchObject(WHOLE);
  });

  it('the engine can execute the native plugin', () => {
    const plugin = ['node_modules', 'pulumi-kms-byok', 'plugin', 'pulumi-resource-kms-byok'];
    accessSync(join(project, ...plugin), constants.X_OK);
  });

  it('every subpath resolves for require', () => {
    const script = `for (const name of ['', '/policy', '/provider', '/package.json'])
      require('pulumi-kms-byok' + name);
      for (const name of ['embedded-kms', 'pulumi-offline-engine'])
        for (const subpath of ['', '/package.json']) require(name + subpath);`;
    execFileSync(process.execPath, ['-e', script], { cwd: project, stdio: 'pipe' });
  });

  it('the types resolve in projects of ES modules', () => {
    const configs = [
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

  it.each(COMPILERS[manager])(
    'the documented programs compile as in the template of Pulumi with TypeScript $name',
    ({ compiler, expected, checksOthers, more }) => {
      const modules = realpathSync(join(project, 'node_modules'));
      const template = join(dirname(modules), 'template');
      const own = realpathSync(join(modules, 'pulumi-kms-byok', 'dist'));
      const programs = PROGRAMS.filter(
        ({ text }) => manager === 'pnpm' || !/@pulumi\/policy|-byok\/policy/.test(text),
      );
      const { version, files, errors } = compileInTemplate(dirname(modules), programs, {
        compiler: join(modules, compiler),
        checked: checksOthers
          ? new RegExp(`^(?!.*${OF_PULUMI.source})`)
          : new RegExp(`^(?:${[own, template].map(escaped).join('|')})/`),
        more,
      });
      expect(version).toMatch(expected);
      expect(files).toEqual(
        expect.arrayContaining([
          join(own, 'index.d.ts'),
          ...programs.map((_program, index) => join(template, `program-${index}.ts`)),
        ]),
      );
      expect(errors).toEqual([]);
    },
  );

  it.each(['kms-byok', 'embedded-kms'])('the command %s is there', (command) => {
    const bin = join(project, 'node_modules', '.bin', command);
    expect(execFileSync(bin, ['--version'], { encoding: 'utf8' }).trim()).toBe(manifest.version);
  });

  it('the policy pack reviews a stack, or says what it misses', async () => {
    const start = PolicyProcess.start(
      join(project, 'node_modules', 'pulumi-kms-byok', 'policy-pack'),
    );
    if (manager === 'npm') {
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

// Folders of pnpm have characters that patterns use.
function escaped(path: string): string {
  return path.replace(/[.+()]/g, '\\$&');
}
