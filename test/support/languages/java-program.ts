import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findJavaLibraries } from '../../../scripts/test-tools/java';
import { filesBelow } from '../files';

const LINE_BYTES = 70;

// The generated SDK reads its version from a file.
const RESOURCES = join('sdks', 'kms-byok', 'src', 'main', 'resources');

/**
 * Compiles the `.java` files of a program and of its SDK to `app.jar`, which Pulumi's language host runs for the option
 * `binary`. A Maven project would do the same more slowly.
 */
export async function buildJar(folder: string, main: string): Promise<void> {
  const libraries = findJavaLibraries() ?? '';
  const jars = readdirSync(libraries).map((name) => join(libraries, name));
  const sources = filesBelow(folder).filter((file) => file.endsWith('.java'));
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(program, args, { cwd: folder });
  await run('javac', '-d', 'classes', '-cp', jars.join(':'), ...sources);
  const classPath = `Class-Path: ${jars.join(' ')}`;
  // The lines of a manifest have at most 72 bytes.
  const lines = classPath.match(new RegExp(`.{1,${LINE_BYTES}}`, 'g')) ?? [];
  writeFileSync(join(folder, 'manifest'), `Main-Class: ${main}\n${lines.join('\n ')}\n`);
  const contents = ['classes', RESOURCES].flatMap((each) => ['-C', each, '.']);
  await run('jar', '--create', '--file', 'app.jar', '--manifest', 'manifest', ...contents);
}
