import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name under which the text of the provider in state requires this package. */
export const PACKAGE = 'pulumi-kms-byok';

/** One of several copies of this package in a program. */
export interface PackageCopy {
  readonly folder: string;
  readonly version: string;
  /** Version of the layout of the state that the copy writes. Undefined if its manifest does not have it. */
  readonly stateSchemaVersion?: number;
}

/** Reads which copy of this package is in a folder. */
export function copyIn(folder: string): PackageCopy {
  const { version, stateSchemaVersion } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Omit<PackageCopy, 'folder'>;
  return { folder, version, ...(stateSchemaVersion === undefined ? {} : { stateSchemaVersion }) };
}

/** Whether the provider of one copy can serve the classes of another. */
export type Fit = 'same' | 'another version' | 'incompatible';

/** Compares the copy whose classes a program uses with the copy that the provider process runs. */
export function fitOf(used: PackageCopy, run: PackageCopy): Fit {
  if (majorOf(used) !== majorOf(run) || used.stateSchemaVersion !== run.stateSchemaVersion) {
    return 'incompatible';
  }
  return used.version === run.version ? 'same' : 'another version';
}

/** Says which copy the program uses, and which one the provider process runs. */
export function differenceOf(used: PackageCopy, run: PackageCopy): string {
  return `the program uses ${PACKAGE} ${used.version} in ${used.folder}, but the provider process runs ${run.version} in ${run.folder}`;
}

function majorOf({ version }: PackageCopy): string | undefined {
  return version.split('.')[0];
}
