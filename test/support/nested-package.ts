import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramFolder } from '../../packages/pulumi-offline-engine/test/support/program-folder';

const ROOT = join(__dirname, '..', '..');

interface Manifest {
  readonly version: string;
  readonly stateSchemaVersion: number;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The manifest of this package. */
export const OWN_MANIFEST = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
) as Manifest;

/**
 * A Pulumi project whose program uses this package through a package of its company, which has a copy of this package
 * for itself.
 */
export class WrappedProgram extends ProgramFolder {
  /** The folder of the copy of the company's package. */
  readonly nested = join(this.programFolder, 'node_modules/company/node_modules/pulumi-kms-byok');
  /** The folder of the copy that the provider process finds, if {@link hoist} put one there. */
  readonly hoisted = join(this.programFolder, 'node_modules/pulumi-kms-byok');

  constructor() {
    super();
    for (const name of [...Object.keys(OWN_MANIFEST.dependencies), '@grpc/grpc-js']) {
      const link = join(this.programFolder, 'node_modules', name);
      mkdirSync(join(link, '..'), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), link);
    }
    this.write(
      'package.json',
      '{"name":"life","main":"index.js","dependencies":{"company":"1.0.0"}}',
    );
    copyPackage(this.nested);
    const company = 'node_modules/company';
    const dependencies = { 'pulumi-kms-byok': '*' };
    this.write(
      `${company}/package.json`,
      JSON.stringify({ name: 'company', version: '1.0.0', dependencies }),
    );
    this.write(`${company}/index.js`, "module.exports = require('pulumi-kms-byok');");
  }

  /** Puts another copy where the provider process finds it. */
  hoist(changes: Partial<Manifest> = {}): void {
    copyPackage(this.hoisted, changes);
  }
}

function copyPackage(folder: string, changes: Partial<Manifest> = {}): void {
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !/\.(?:map|d\.ts)$/.test(file),
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...OWN_MANIFEST, ...changes }));
}
