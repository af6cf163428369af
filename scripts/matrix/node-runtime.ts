import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm';

/** A Node.js from npm. */
export interface NodeRuntime {
  readonly version: string;
  /** The folder with the program `node`. */
  readonly bin: string;
}

/** Finds the newest Node.js of a version such as `20` or `22.12` in the folder, or downloads it. */
export async function obtainNode(version: string, folder: string): Promise<NodeRuntime> {
  const name = `node-${process.platform}-${process.arch}`;
  const bin = join(folder, 'node_modules', name, 'bin');
  const program = join(bin, 'node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    await npm(['install', `${name}@${version}`], folder);
  }
  return { version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim(), bin };
}
