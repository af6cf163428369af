import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Makes the node_modules of a project that has the packages of Pulumi and nothing else that is installed here:
 * in every run the real engine looks through the whole folder for plugins.
 */
export function installPulumi(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@pulumi'), { recursive: true });
  const manifests = {
    '@pulumi/pulumi': require.resolve('@pulumi/pulumi/package.json'),
    '@pulumi/aws': require.resolve('@pulumi/aws/package.json'),
    typescript: require.resolve('typescript/package.json'),
  };
  for (const [name, manifest] of Object.entries(manifests)) {
    symlinkSync(dirname(manifest), join(modules, name));
  }
}

/** A Pulumi project in a temporary folder. */
export class ProgramFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'offline-program-'));
  readonly programFolder = join(this.path, 'program');
  /** A folder for the state and everything else that an engine writes. */
  readonly engineFolder = join(this.path, 'engine');

  constructor() {
    mkdirSync(this.programFolder);
    mkdirSync(this.engineFolder);
    this.write(
      'Pulumi.yaml',
      'name: life\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
    );
    this.write('package.json', '{"name":"life","main":"index.js"}');
    installPulumi(this.programFolder);
  }

  /** Writes a file of the program, for its owner only, and returns its name. */
  write(name: string, content: Uint8Array | string): string {
    writeFileSync(join(this.programFolder, name), content, { mode: 0o600 });
    return name;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
