import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run-command';

const ROOT = join(__dirname, '..', '..');

/** The part of pkcs11js that a compiler makes. `.npmrc` keeps npm from making it. */
export const TOKEN_PACKAGE = 'the native part of pkcs11js';

/** Returns its path; undefined if it is not made. */
export function findTokenPackage(root = ROOT): string | undefined {
  const file = join(root, 'node_modules', 'pkcs11js', 'build', 'Release', 'pkcs11.node');
  return existsSync(file) ? file : undefined;
}

/** Makes it, with the headers that came with the running Node.js: npm would get them from nodejs.org. */
export async function buildTokenPackage(
  say: (line: string) => void,
  { root = ROOT, node = process.execPath } = {},
): Promise<void> {
  const prefix = dirname(dirname(node));
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_api.h'));
  const args = ['rebuild', '--ignore-scripts=false', 'pkcs11js'];
  const env = hasHeaders ? { npm_config_nodedir: prefix, ...process.env } : process.env;
  await run({ program: 'npm', args, cwd: root, env }, say, 'lines were printed');
}
