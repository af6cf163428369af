import { realpathSync } from 'node:fs';
import { copyIn, differenceOf, fitOf, PACKAGE } from '../../domain/package-copy';
import { dependentsOf, type Dependent } from './dependents';
import { ok, problem, warning, type Diagnosis } from './diagnosis';
import { folderWith, installedPackage } from './installed-package';

/**
 * Checks which copy of this package the provider process finds, and whether it fits the copies that dependencies of the
 * program have for themselves.
 *
 * @param folder - the folder of the program
 */
export function diagnoseOwnPackage(folder: string): Diagnosis[] {
  const found = installedPackage(PACKAGE, folder);
  const dependents = dependentsOf(PACKAGE, folder);
  if (found === undefined) return [missing(folder, dependents[0])];
  const real = realpathSync(found.folder);
  const others = dependents.filter(({ copy }) => copy !== real);
  return [
    ok(PACKAGE, found.version),
    ...others.flatMap((dependent) => comparison(dependent, real)),
  ];
}

function comparison({ name, copy }: Dependent, run: string): Diagnosis[] {
  const [used, served] = [copyIn(copy), copyIn(run)];
  const fit = fitOf(used, served);
  if (fit === 'same') return [];
  const say = fit === 'incompatible' ? problem : warning;
  return [
    say(
      `${PACKAGE} of ${name}`,
      differenceOf(used, served),
      'install one version for the program and its dependencies',
    ),
  ];
}

function missing(folder: string, dependent: Dependent | undefined): Diagnosis {
  const isPnpm = folderWith(['node_modules/.pnpm'], folder) !== undefined;
  const add = isPnpm ? 'pnpm add' : 'npm install';
  if (dependent !== undefined) {
    const { version } = copyIn(dependent.copy);
    return problem(
      PACKAGE,
      `not found by the provider process: only ${dependent.name} has it, in ${dependent.copy}`,
      `${add} ${PACKAGE}@${version}, in the folder of the program`,
    );
  }
  return isPnpm
    ? problem(
        PACKAGE,
        'not a direct dependency here, and with pnpm the provider process finds only direct ones',
        `pnpm add ${PACKAGE}, in the folder of the program`,
      )
    : problem(
        PACKAGE,
        'not installed here',
        `npm install ${PACKAGE}, in the folder of the program`,
      );
}
