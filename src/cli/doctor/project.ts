import { PACKAGE } from '../../domain/package-copy';
import { isAtLeast } from '../version';
import { ok, problem, skipped, warning, type Diagnosis } from './diagnosis';
import { folderWith, installedPackage } from './installed-package';
import { diagnoseOwnPackage } from './own-package';
import { pluginSource, programFolder, type Project } from './project-file';

const NAME = 'Pulumi project';
const PULUMI_SDK = '3.229.0';
const PULUMI_AWS = '7.0.0';

/** Checks a Pulumi project, and what its provider process will find in node_modules. */
export function diagnoseProject(project: Project | undefined): Diagnosis[] {
  if (project === undefined) {
    return [
      skipped(
        NAME,
        'no Pulumi.yaml here or in a parent folder; run doctor in the folder of a program to check that program',
      ),
    ];
  }
  if (project.error !== undefined) {
    return [problem(NAME, `${project.file} is not YAML`, `mend it: ${project.error}`)];
  }
  const { runtime = '' } = project.settings;
  if (!['nodejs', 'bun'].includes(runtime)) return [otherRuntime(project)];
  const folder = programFolder(project);
  return [
    ok(NAME, project.folder),
    ...diagnoseOwnPackage(folder),
    sdkOf(folder),
    awsOf(folder),
    typescriptOf(folder),
    ...plugAndPlay(folder),
  ];
}

function otherRuntime(project: Project): Diagnosis {
  return pluginSource(project) === undefined
    ? problem(
        NAME,
        `${project.folder} does not use the runtime nodejs, and has no native plugin`,
        `npm install ${PACKAGE} @pulumi/pulumi @pulumi/aws, and pulumi package add ./node_modules/${PACKAGE}/plugin, in the folder of the program`,
      )
    : ok(NAME, `${project.folder}, with the native plugin`);
}

function sdkOf(folder: string): Diagnosis {
  const name = '@pulumi/pulumi';
  const found = installedPackage(name, folder);
  if (found === undefined) {
    return problem(
      name,
      'not installed here, and the provider process starts from it',
      `npm install ${name}, in the folder of the program`,
    );
  }
  return isAtLeast(found.version, PULUMI_SDK)
    ? ok(name, found.version)
    : problem(
        name,
        found.version,
        `install ${PULUMI_SDK} or later: earlier versions lose inputs during a refresh`,
      );
}

// ImportedKey and most programs create their keys with it. A program may also import into existing keys only.
function awsOf(folder: string): Diagnosis {
  const name = '@pulumi/aws';
  const found = installedPackage(name, folder);
  if (found === undefined) {
    return skipped(
      name,
      'not installed here; only ImportedKey needs it, or a program that creates keys',
    );
  }
  return isAtLeast(found.version, PULUMI_AWS)
    ? ok(name, found.version)
    : warning(
        name,
        found.version,
        `ImportedKey needs ${PULUMI_AWS} or later: npm install ${name}@latest`,
      );
}

// @pulumi/pulumi serialises providers with the compiler API, which TypeScript 7 does not have. It
// serialises nothing of this package.
function typescriptOf(folder: string): Diagnosis {
  const found = installedPackage('typescript', folder);
  if (found === undefined) return ok('TypeScript', 'not installed, and not needed');
  return isAtLeast(found.version, '7.0.0')
    ? warning(
        'TypeScript',
        found.version,
        'the resources of this package work with it, but dynamic resources of other packages do not: @pulumi/pulumi requires a version below 7',
      )
    : ok('TypeScript', found.version);
}

function plugAndPlay(folder: string): Diagnosis[] {
  const found = folderWith(['.pnp.cjs'], folder);
  if (found === undefined) return [];
  return [
    warning(
      'Yarn',
      `Plug'n'Play in ${found}`,
      'set nodeLinker: node-modules in .yarnrc.yml; otherwise the provider process finds no packages',
    ),
  ];
}
