import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run-command';
import { userCache } from '../user-cache';

const POM = join(__dirname, 'java-libraries', 'pom.xml');

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Contents of the folder of libraries. */
export const JAVA_LIBRARIES = "Pulumi's SDK for Java";

// Each list of libraries has a folder of its own.
const FOLDER = ((): string => {
  const list = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  return userCache(process.env, 'java', list);
})();

/** Returns the folder of the `.jar` files; undefined if they are not there. */
export function findJavaLibraries(): string | undefined {
  return existsSync(FOLDER) ? FOLDER : undefined;
}

/** Copies the libraries of pom.xml, and those that they need, from Maven Central into the user's cache. */
export async function bringJavaLibraries(say: (line: string) => void): Promise<void> {
  mkdirSync(dirname(FOLDER), { recursive: true });
  const own = mkdtempSync(`${FOLDER}-`);
  const args = ['--batch-mode', '--file', POM, COPY, `-DoutputDirectory=${own}`];
  try {
    await run({ program: 'mvn', args, cwd: own, env: process.env }, say, 'lines were printed');
    renameSync(own, FOLDER);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // Another run was faster.
    if (findJavaLibraries() === undefined) throw error;
  }
}
