import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/**
 * Makes the node_modules of a project that has this package and those of Pulumi, without all else that is
 * installed here: in every run the real engine looks through the whole folder for plugins.
 */
export function installPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'pulumi-kms-byok');
  mkdirSync(own, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(own, 'package.json'));
  symlinkSync(join(ROOT, 'dist'), join(own, 'dist'));
  mkdirSync(join(modules, '@pulumi'));
  for (const name of ['@pulumi/pulumi', '@pulumi/aws', 'typescript']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}
