import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run-command';
import { userCache } from '../user-cache';

/** Has ML-DSA since 24.6 and ML-KEM since 24.7. */
const VERSION = '24.9.0';
const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** A Node.js with what the tests need and the oldest supported Node.js does not have. */
export const NEWER_NODE = `Node.js ${VERSION}`;

const FOLDER = userCache(process.env, 'node', `${VERSION}-${process.platform}-${process.arch}`);

/** Returns the path of the newer Node.js; undefined if it is not installed. */
export function findNewerNode(): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = join(FOLDER, 'node_modules', PACKAGE, 'bin', name);
  return existsSync(program) ? program : undefined;
}

/** Installs it from the npm registry into the user's cache. */
export async function bringNewerNode(say: (line: string) => void): Promise<void> {
  mkdirSync(dirname(FOLDER), { recursive: true });
  const own = mkdtempSync(`${FOLDER}-`);
  try {
    const args = ['install', '--prefix', own, '--no-save', '--ignore-scripts', '--no-audit'];
    await run(
      { program: 'npm', args: [...args, `${PACKAGE}@${VERSION}`], cwd: own, env: process.env },
      say,
      'lines were printed',
    );
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(own, FOLDER);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // Somebody else has installed it meanwhile.
    if (findNewerNode() === undefined) throw error;
  }
}
