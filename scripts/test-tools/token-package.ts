import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run-command';

const ROOT = join(__dirname, '..', '..');

/** The part of pkcs11js that a compiler makes. `.npmrc` keeps npm from making it. */
export const TOKEN_PACKAGE = 'the native part of pkcs11js';

/** Returns its path; undefined if it is not made. */
export function findTokenPackage(root = ROOT): string | undefined {
  const file = join(root, 'node_modules', 'pkcs11js', 'build', 'Release', 'pkcs11.node');
  return existsSync(file) ? file : undefined;
}

/** Makes it. */
export async function buildTokenPackage(say: (line: string) => void): Promise<void> {
  const args = ['rebuild', '--ignore-scripts=false', 'pkcs11js'];
  await run({ program: 'npm', args, cwd: ROOT, env: process.env }, say, 'lines were printed');
}
