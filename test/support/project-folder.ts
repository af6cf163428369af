import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramFolder } from '../../packages/pulumi-offline-engine/test/support/program-folder';
import { installOwnPackage } from './install-packages';

/** Resources that a test program declares, by name, with their arguments and options. */
export type Declared = Record<
  string,
  {
    /** A class of the package. Default: ImportedKeyMaterial. */
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
export class ProjectFolder extends ProgramFolder {
  constructor() {
    super();
    installOwnPackage(this.programFolder);
    this.write('index.js', PROGRAM);
    this.declare({});
  }

  /** Replaces what the program declares. */
  declare(resources: Declared): void {
    writeFileSync(join(this.programFolder, 'declared.json'), JSON.stringify(resources));
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
