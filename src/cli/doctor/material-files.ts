import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE } from '../../domain/package-copy';
import { isReadableByOthers } from '../../material/regular-file';
import { ok, problem, skipped, warning, type Diagnosis } from './diagnosis';

const NAME = 'Material files';
const SOURCES = /\.(?:[cm]?[jt]s|ya?ml)$/;
/** Programs are small; more is generated. */
const LIMIT_BYTES = 1024 * 1024;
const FOLDERS_DEEP = 3;
// The source `{ file: 'material.bin' }`, in a program or in YAML.
const FILE_SOURCE = /\bfile['"]?\s*:\s*(?:(['"`])([^'"`\n$]+)\1|([^\s'"`{}[\],#]+))/g;

const run = promisify(execFile);

/**
 * Checks the files that the program of a project names as sources: whether git has them, or would take them, and
 * whether other users can read them. Reads the text of the program, and does not run it.
 *
 * @param folder - the folder of the program, in which its paths begin
 */
export async function diagnoseMaterialFiles(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  const files = namedFiles(folder);
  if (files.length === 0) {
    return [skipped(NAME, 'the program names no file of material that exists')];
  }
  const tracked = await listedByGit(files, ['--cached'], folder, env);
  const addable = await listedByGit(files, ['--others', '--exclude-standard'], folder, env);
  const readable = files.filter((file) => isReadableByOthers(statSync(resolve(folder, file)).mode));
  const found = [
    ...(tracked.length === 0
      ? []
      : [
          problem(
            NAME,
            `in the git repository, with everybody who has it: ${tracked.join(', ')}`,
            `git rm --cached ${tracked.join(' ')}, add it to .gitignore, and use other material: the history keeps this one`,
          ),
        ]),
    ...(addable.length === 0
      ? []
      : [
          warning(
            NAME,
            `not in .gitignore, so git add would take it: ${addable.join(', ')}`,
            'add it to .gitignore',
          ),
        ]),
    ...(readable.length === 0
      ? []
      : [
          warning(
            NAME,
            `other users can read it: ${readable.join(', ')}`,
            `chmod 600 ${readable.join(' ')}`,
          ),
        ]),
  ];
  return found.length === 0 ? [ok(NAME, files.join(', '))] : found;
}

function namedFiles(folder: string): string[] {
  const texts = textsBelow(folder, FOLDERS_DEEP).filter(
    (text) => text.includes(PACKAGE) || text.includes('kms-byok:'),
  );
  const named = texts.flatMap((text) =>
    [...text.matchAll(FILE_SOURCE)].map(([, , quoted, plain]) => quoted ?? plain ?? ''),
  );
  return [...new Set(named)].filter((file) => isFile(resolve(folder, file)));
}

function textsBelow(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const isProgram = entry.name !== 'node_modules' && !entry.name.startsWith('.');
      return depth > 0 && isProgram ? textsBelow(path, depth - 1) : [];
    }
    const isProgram = entry.isFile() && SOURCES.test(entry.name);
    return isProgram && statSync(path).size <= LIMIT_BYTES ? [readFileSync(path, 'utf8')] : [];
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Returns the files that git lists. Without git, or outside of a repository, there are none. */
async function listedByGit(
  files: readonly string[],
  options: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const listed = await Promise.all(
    files.map(async (file) => {
      const path = resolve(folder, file);
      const args = ['--literal-pathspecs', 'ls-files', ...options, '-z', '--', basename(path)];
      try {
        return (await run('git', args, { cwd: dirname(path), env })).stdout !== '';
      } catch {
        return false;
      }
    }),
  );
  return files.filter((_, index) => listed[index]);
}
