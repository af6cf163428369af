import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { engineCacheFolder } from './cache';
import { WAYS } from './ways';

const DAY_MS = 24 * 60 * 60 * 1000;

/** An engine in the cache. */
export interface ObtainedEngine {
  readonly version: string;
  /** The folder with the program `pulumi`. */
  readonly folder: string;
  /** How the engine got there. */
  readonly source: 'cache' | (typeof WAYS)[number]['name'];
}

/**
 * Puts the engine of a version into the cache, by the first way that works on this machine. Makes the engine in
 * a folder of this run and renames the folder at the end, so an engine appears in the cache whole or not at all. A
 * run may be interrupted, and two runs may do the same at once.
 *
 * @param say - receives each line of progress
 * @throws Error if no way works, with the reason for each
 */
export async function obtainEngine(
  version: string,
  say: (line: string) => void,
): Promise<ObtainedEngine> {
  const folder = engineCacheFolder(version);
  if (existsSync(folder)) return { version, folder, source: 'cache' };
  mkdirSync(dirname(folder), { recursive: true });
  removeAbandoned(folder);
  const reasons: string[] = [];
  for (const { name, bring } of WAYS) {
    const own = mkdtempSync(`${folder}.`);
    const abandon = (): void => {
      rmSync(own, { recursive: true, force: true });
    };
    process.once('exit', abandon);
    try {
      await bring(version, own, say);
      publish(own, folder);
      return { version, folder, source: name };
    } catch (error) {
      reasons.push(`${name}: ${(error as Error).message}`);
    } finally {
      abandon();
      process.off('exit', abandon);
    }
  }
  throw new Error(
    [
      `The Pulumi engine ${version} cannot be brought to this machine:`,
      ...reasons.map((reason) => `  ${reason}`),
      'Install Go 1.26 or later, or allow downloads from get.pulumi.com, and run this again.',
      'Or install pulumi yourself: it is used when it is on PATH, or in the folder that',
      'PULUMI_KMS_BYOK_ENGINE names.',
    ].join('\n'),
  );
}

function publish(own: string, folder: string): void {
  try {
    renameSync(join(own, 'bin'), folder);
  } catch (error) {
    // Another run was faster. A rename does not replace a folder that is not empty.
    if (!existsSync(folder)) throw error;
  }
}

// A killed run leaves its folder behind. No run takes as long as a day.
function removeAbandoned(folder: string): void {
  const parent = dirname(folder);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(`${basename(folder)}.`)) continue;
    const path = join(parent, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}
