import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, installedPackage } from './installed-package';

/** A package in the dependencies of a program that depends on a certain package itself. */
export interface Dependent {
  readonly name: string;
  /** The copy that it uses. */
  readonly copy: string;
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Finds the packages that a program depends on, directly or not, and that depend on a certain package.
 *
 * @param from - the folder of the program
 */
export function dependentsOf(wanted: string, from: string): Dependent[] {
  const program = folderWith(['package.json'], from);
  if (program === undefined) return [];
  const found: Dependent[] = [];
  const folders = new Set([program]);
  // A set also visits the members that are added meanwhile.
  for (const folder of folders) {
    const manifest = manifestIn(folder);
    // Of other packages they are not installed.
    const development = folder === program ? manifest.devDependencies : {};
    for (const dependency of Object.keys({ ...dependenciesOf(manifest), ...development })) {
      const installed = installedPackage(dependency, folder);
      if (installed === undefined) continue;
      // With pnpm, a package finds its dependencies only from its real folder.
      const real = realpathSync(installed.folder);
      if (dependency !== wanted) folders.add(real);
      else if (folder !== program) found.push({ name: manifest.name ?? folder, copy: real });
    }
  }
  return found;
}

function dependenciesOf(manifest: Manifest): Readonly<Record<string, string>> {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return { ...dependencies, ...optionalDependencies, ...peerDependencies };
}

function manifestIn(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
