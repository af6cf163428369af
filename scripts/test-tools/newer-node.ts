import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run-command';
import { userCache } from '../user-cache';

const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** A Node.js that the tests run beside the oldest supported one. */
export interface NewerNode {
  readonly title: string;
  readonly version: string;
}

/** Has OpenSSL 3.5 since 22.20, and no API for ML-DSA and ML-KEM. */
export const NODE_22 = newerNode('22.23.3');
/** Has ML-DSA since 24.6 and ML-KEM since 24.7. Names a hybrid key exchange since 24.19. */
export const NODE_24 = newerNode('24.21.0');

/** Every newer Node.js of the tests. */
export const NEWER_NODES: readonly NewerNode[] = [NODE_22, NODE_24];

function newerNode(version: string): NewerNode {
  return { title: `Node.js ${version}`, version };
}

/** Returns the path of a newer Node.js; undefined if it is not installed. */
export function findNewerNode(node: NewerNode): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = join(folderOf(node), 'node_modules', PACKAGE, 'bin', name);
  return existsSync(program) ? program : undefined;
}

/** Installs it from the npm registry into the user's cache. */
export async function bringNewerNode(node: NewerNode, say: (line: string) => void): Promise<void> {
  const folder = folderOf(node);
  mkdirSync(dirname(folder), { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  try {
    const args = ['install', '--prefix', own, '--no-save', '--ignore-scripts', '--no-audit'];
    await run(
      { program: 'npm', args: [...args, `${PACKAGE}@${node.version}`], cwd: own, env: process.env },
      say,
      'lines were printed',
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // Somebody else has installed it meanwhile.
    if (findNewerNode(node) === undefined) throw error;
  }
}

function folderOf({ version }: NewerNode): string {
  return userCache(process.env, 'node', `${version}-${process.platform}-${process.arch}`);
}
