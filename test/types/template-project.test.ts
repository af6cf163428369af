import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { awsDeclarations } from '../support/aws-declarations';
import { DOCUMENTED_CODE } from '../support/documented-code';
import { compileInTemplate } from '../support/template-project';

jest.setTimeout(180_000);

const ROOT = join(__dirname, '..', '..');
const MODULES = join(ROOT, 'node_modules');

// The other two packages are for scripts and tests, which are modules and not programs of Pulumi.
const PROGRAMS = DOCUMENTED_CODE.filter(({ origin }) => !origin.startsWith('packages/'));

/** Packages that a project of the template installs, and those that the programs import. */
const INSTALLED = [
  '@aws-sdk/client-kms',
  '@pulumi/aws',
  '@pulumi/policy',
  '@pulumi/pulumi',
  '@types/node',
  'embedded-kms',
  'pulumi-kms-byok',
  'pulumi-offline-engine',
];

let project: string;
/** Compiler options that leave out the services that no program uses, whose declarations are most of the work. */
let fewServices: object;

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'byok-template-')));
  for (const name of INSTALLED) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(MODULES, name), link);
  }
  const aws = join(project, 'aws.d.ts');
  writeFileSync(aws, awsDeclarations(PROGRAMS.map(({ text }) => text).join()));
  fewServices = { baseUrl: project, paths: { '@pulumi/aws': [aws] } };
});

afterAll(() => {
  rmSync(project, { recursive: true });
});

describe('when the documented programs are in a project as the template of Pulumi makes it', () => {
  it('they compile with the newest TypeScript that Pulumi supports', () => {
    const { version, files, errors } = compileInTemplate(project, PROGRAMS, {
      compiler: join(MODULES, 'typescript'),
      // The declarations of @pulumi/aws import nothing of this package.
      checked: /^(?!.*\/@pulumi\/aws\/)/,
      // The template installs 5, for which this is the default.
      more: { ...fewServices, ignoreDeprecations: '6.0', esModuleInterop: false },
    });
    expect(version).toMatch(/^6\./);
    expect(files).toEqual(expect.arrayContaining(entries()));
    // This file exports names that its own package has removed from the declarations.
    expect(errors.filter((error) => !error.includes('/@pulumi/policy/index.d.ts '))).toEqual([]);
  });

  it('they and the declarations of this package compile with the oldest, which Pulumi brings', () => {
    const { version, files, errors } = compileInTemplate(project, PROGRAMS, {
      compiler: join(MODULES, '@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js'),
      // Declarations that those of Pulumi import (@types/node, @grpc/grpc-js) have syntax of later versions.
      checked: new RegExp(`^(${join(ROOT, 'dist')}|${join(project, 'template')})/`),
      more: fewServices,
    });
    expect(version).toBe('3.8.3');
    expect(files).toEqual(expect.arrayContaining(entries()));
    expect(errors).toEqual([]);
  });
});

function entries(): readonly string[] {
  return [
    join(ROOT, 'dist/index.d.ts'),
    join(ROOT, 'dist/policy/index.d.ts'),
    ...PROGRAMS.map((_program, index) => join(project, 'template', `program-${index}.ts`)),
  ];
}
