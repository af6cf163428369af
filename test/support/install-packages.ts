import { copyFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installPulumi } from '../../packages/pulumi-offline-engine/test/support/program-folder';

const ROOT = join(__dirname, '..', '..');

/** Makes the node_modules of a project that has this package and those of Pulumi. */
export function installPackages(folder: string): void {
  installPulumi(folder);
  installOwnPackage(folder);
}

/** Adds this package to the node_modules of a project. */
export function installOwnPackage(folder: string): void {
  const own = join(folder, 'node_modules', 'pulumi-kms-byok');
  mkdirSync(own, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(own, 'package.json'));
  cpSync(join(ROOT, 'plugin'), join(own, 'plugin'), { recursive: true });
  symlinkSync(join(ROOT, 'dist'), join(own, 'dist'));
}
