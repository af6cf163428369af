import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from './install-packages';

/** What a test program declares: name of each resource, its arguments and options. */
export type Declared = Record<
  string,
  {
    /** A class of the package; ImportedKeyMaterial unless said. */
    readonly class?: string;
    readonly args: Record<string, unknown>;
    readonly opts?: Record<string, unknown>;
  }
>;

/**
 * A Pulumi project in a temporary folder. Its program reads what it declares from a file, so that a
 * test changes the program by writing that file. `{ "$env": "X" }` stands for a variable of the
 * program's environment, `{ "$secret": value }` for a secret, `{ "$output": [name, output] }` for
 * an output of another resource, and `{ "$resource": name }` for that resource itself.
 */
export class ProjectFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'byok-project-'));
  readonly programFolder = join(this.path, 'program');
  /** A folder for the state and whatever else an engine writes. */
  readonly engineFolder = join(this.path, 'engine');

  constructor() {
    mkdirSync(this.programFolder);
    mkdirSync(this.engineFolder);
    writeFileSync(
      join(this.programFolder, 'Pulumi.yaml'),
      'name: life\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
    );
    writeFileSync(join(this.programFolder, 'package.json'), '{"name":"life","main":"index.js"}');
    installPackages(this.programFolder);
    writeFileSync(join(this.programFolder, 'index.js'), PROGRAM);
    this.declare({});
  }

  /** Replaces what the program declares. */
  declare(resources: Declared): void {
    writeFileSync(join(this.programFolder, 'declared.json'), JSON.stringify(resources));
  }

  /** Writes a file of the program, such as material, and returns its name. */
  write(name: string, content: Uint8Array | string): string {
    writeFileSync(join(this.programFolder, name), content);
    return name;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

const PROGRAM = `
const pulumi = require('@pulumi/pulumi');
const byok = require('pulumi-kms-byok');

const resources = {};
const revive = (value) => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ('$env' in value) return process.env[value.$env];
  if ('$secret' in value) return pulumi.secret(revive(value.$secret));
  if ('$resource' in value) return resources[value.$resource];
  if (Array.isArray(value)) return value.map(revive);
  if ('$output' in value) return resources[value.$output[0]][value.$output[1]];
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revive(member)]));
};
for (const [name, declared] of Object.entries(require('./declared.json'))) {
  const { class: kind = 'ImportedKeyMaterial', args, opts } = declared;
  const resource = (resources[name] = new byok[kind](name, revive(args), revive(opts)));
  if (kind === 'OnDemandRotation') {
    exports[name] = resource.keyMaterialState;
    exports[name + 'Remaining'] = resource.rotationsRemaining;
  }
  if (kind !== 'ImportedKeyMaterial') continue;
  exports[name] = resource.importState;
  exports[name + 'Expires'] = resource.validTo.apply((instant) => instant ?? 'never');
}
`;
