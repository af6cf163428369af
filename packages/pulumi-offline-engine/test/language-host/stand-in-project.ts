import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How an entry of the SDK was started. */
export interface Started {
  readonly pid: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A folder with a stand-in for `@pulumi/pulumi`, whose entries note how they are started and run some code. */
export class StandInProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'byok-host-')));

  /** Makes an entry such as `run` that runs the code. */
  entry(name: 'run' | 'run-plugin' | 'run-policy-pack', code = ''): void {
    const sdk = join(this.folder, 'node_modules', '@pulumi', 'pulumi');
    mkdirSync(join(sdk, 'cmd', name), { recursive: true });
    writeFileSync(join(sdk, 'package.json'), '{ "name": "@pulumi/pulumi" }');
    writeFileSync(
      join(sdk, 'cmd', name, 'index.js'),
      `const { renameSync, writeFileSync } = require('node:fs');
       const { pid, argv, env } = process;
       const note = ${JSON.stringify(this.#note)};
       writeFileSync(note + '.new', JSON.stringify({ pid, args: argv.slice(2), cwd: process.cwd(), env }));
       renameSync(note + '.new', note);
       ${code}`,
    );
  }

  /** How the entry was started; undefined as long as it was not. */
  get started(): Started | undefined {
    if (!existsSync(this.#note)) return undefined;
    return JSON.parse(readFileSync(this.#note, 'utf8')) as Started;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #note(): string {
    return join(this.folder, 'started.json');
  }
}
