import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildTokenPackage } from '../test-tools/token-package';
import { npm } from './npm';

const BUILT = ['dist', 'packages/embedded-kms/dist', 'packages/pulumi-offline-engine/dist'];

/**
 * Copies the working tree, including the build, and installs the packages of the lock file. One package
 * gets the given version instead. Uses again what an earlier run installed in the folder.
 */
export async function checkOut(
  root: string,
  replaced: { readonly name: string; readonly version: string },
  folder: string,
): Promise<void> {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: root, encoding: 'utf8' },
  );
  const installed = existsSync(join(folder, 'node_modules', '.package-lock.json'));
  const kept = installed ? ['package.json', 'package-lock.json'] : [];
  if (!installed) rmSync(folder, { recursive: true, force: true });
  for (const file of listed.split('\0')) {
    if (file === '' || kept.includes(file) || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  if (!installed) {
    await npm(['ci', '--prefer-offline'], folder);
    await buildTokenPackage(() => undefined, { root: folder });
    // Saved, because the tests of the package install what the manifest names.
    const { name, version } = replaced;
    await npm(['install', '--save-dev', '--save-exact', `${name}@${version}`], folder);
  }
  // Users have what was built with the version of the lock.
  for (const dist of BUILT) {
    rmSync(join(folder, dist), { recursive: true, force: true });
    cpSync(join(root, dist), join(folder, dist), { recursive: true });
  }
}
