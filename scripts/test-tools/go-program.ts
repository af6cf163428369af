import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { executableIn } from '../executable';
import { outputOf, run } from '../run-command';
import { userCache } from '../user-cache';

/** A program that is built with Go. */
export interface GoProgram {
  /** Name of the program in the titles of tests. */
  readonly title: string;
  readonly name: string;
  /** The folder of the `go.mod` and `go.sum` that its modules come from. */
  readonly module: string;
  readonly package: string;
  /** A file from a module, such as a script that its program runs, to keep beside the program. */
  readonly beside?: { readonly module: string; readonly path: string };
}

/** Returns the folder with the program, and what is beside it; undefined if it is not built. */
export function findGoProgram(program: GoProgram): string | undefined {
  const folder = folderOf(program);
  return executableIn([folder], program.name) === undefined ? undefined : folder;
}

/** Builds the program into the user's cache. */
export async function buildGoProgram(
  program: GoProgram,
  say: (line: string) => void,
): Promise<void> {
  const { name, module: cwd, beside } = program;
  const folder = folderOf(program);
  mkdirSync(dirname(folder), { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  const go = (...args: string[]) => ({ program: 'go', args, cwd, env: process.env });
  try {
    const file = join(own, process.platform === 'win32' ? `${name}.exe` : name);
    const build = ['build', '-v', '-ldflags', '-s -w', '-o', file, program.package];
    await run(go(...build), say, 'packages are compiled');
    if (beside !== undefined) {
      const source = await outputOf(go('list', '-m', '-f', '{{.Dir}}', beside.module));
      copyFileSync(join(source.trim(), beside.path), join(own, basename(beside.path)));
    }
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // Another run was faster.
    if (!existsSync(folder)) throw error;
  }
}

// Each version of the modules and of the program's own source has a folder.
function folderOf({ name, module, package: path }: GoProgram): string {
  const hash = createHash('sha256').update(readFileSync(join(module, 'go.mod')));
  if (path.startsWith('.')) {
    const source = join(module, path);
    for (const file of readdirSync(source).sort()) hash.update(readFileSync(join(source, file)));
  }
  const version = hash.digest('hex').slice(0, 12);
  return userCache(process.env, 'go', name, `${version}-${process.platform}-${process.arch}`);
}
