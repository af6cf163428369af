import { isAbsolute } from 'node:path';
import { shown } from '../../domain/service-text';
import type { Io } from '../io';
import { counted } from '../status/counted';
import type { OnlyKept } from './exported-material';
import { isLeft, type Migrated, type Migration } from './migration';
import type { MigrationFiles } from './migration-files';
import type { FormOptions } from './adopt-material';
import { declarationsText } from './declarations';

interface ReportOptions extends MigrationFiles, FormOptions {
  readonly json?: true;
}

const WHY_ONLY_KEPT: Readonly<Record<OnlyKept, string>> = {
  'pending-deletion':
    'is an earlier key, which the next pulumi up deletes; no resource takes its material over',
  external: 'is a key that this stack only reads; no resource takes its material over',
};

/** Prints the result of a migration and the next steps, as text or JSON. */
export function printMigration(
  migration: Migration,
  options: ReportOptions,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
): void {
  const { migrated, importFile, counts, remaining } = migration;
  const declared = migrated.flatMap(({ takenOver }) => takenOver?.adoption?.declared ?? []);
  const program = declarationsText(declared, options);
  const importPath = importFile.resources.length === 0 ? undefined : options.importFile;
  const json = {
    stackExport: options.out,
    importFile: importPath,
    extracted: migrated.flatMap(({ place }) => (place.kind === 'file' ? place.path : [])),
    materials: counts,
    remaining,
    program,
    keys: migrated.map(described),
  };
  stdout.write(options.json === true ? `${JSON.stringify(json)}\n` : program);
  for (const line of [
    ...migrated.flatMap(notesOn),
    `${counted(counts.found, 'material')} in the export: ${counts.extracted} in files that were written and read back, ${counts.named} in sources that --material names, ${counts.left} left in ${options.out}`,
    ...(options.json === true ? [] : instructions(migration, options, importPath)),
    ...remaining.map((place) => `warning: the same material in ${place}`),
  ]) {
    stderr.write(`${shown(line)}\n`);
  }
}

/** Prints that an export has no material, as text or JSON. */
export function printNothingToMigrate(
  { out, json }: ReportOptions,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
): void {
  stderr.write(
    `the export has no key with material, so nothing was written. If the stack already has the state of ${out}, continue with pulumi import\n`,
  );
  if (json !== true) return;
  const materials = { found: 0, extracted: 0, named: 0, left: 0 };
  stdout.write(`${JSON.stringify({ keys: [], materials, extracted: [], remaining: [] })}\n`);
}

function described(one: Migrated) {
  const { exported, name, place, takenOver } = one;
  return {
    urn: exported.urn,
    keyArn: exported.keyArn,
    name,
    protect: exported.protect,
    onlyKept: exported.onlyKept,
    resource: takenOver?.adoption?.resource.name,
    file: place.kind === 'file' ? place.path : undefined,
    skipped: place.kind === 'skipped' ? true : undefined,
    left: isLeft(one),
    ...takenOver?.verdict,
  };
}

function notesOn(one: Migrated): string[] {
  const { exported, name, place, takenOver } = one;
  const { verdict: { verdict, evidence } = {} } = takenOver ?? {};
  return [
    ...(place.kind === 'file'
      ? [`the material of ${name} is in ${place.path}, and was read back`]
      : []),
    ...(verdict === 'unproved' ? [`note: ${name} is unproved: ${evidence ?? ''}`] : []),
    ...(exported.onlyKept === undefined
      ? []
      : [`note: ${name} ${WHY_ONLY_KEPT[exported.onlyKept]}`]),
    ...(place.kind === 'skipped'
      ? [`note: ${name} is skipped: leave it as it is in the program too`]
      : []),
    ...(takenOver?.connectionNote === undefined
      ? []
      : [`warning: the aws provider of ${name} ${takenOver.connectionNote}`]),
    ...(isLeft(one) ? [`warning: the material of ${name} stays in the new export`] : []),
  ];
}

function instructions(
  { migrated }: Migration,
  { stackExport, out }: ReportOptions,
  importPath: string | undefined,
): string[] {
  const keys = migrated.filter(
    ({ exported, place }) => exported.onlyKept === undefined && place.kind !== 'skipped',
  );
  const names = [...new Set(keys.map(({ exported }) => exported.name))].join(', ');
  const absolute = keys.some(({ place }) => place.kind === 'file' && isAbsolute(place.path));
  const steps = [
    ...(keys.length === 0
      ? []
      : [
          `in ${names}: remove keyMaterialBase64 and validTo, and add { ignoreChanges: ['keyMaterialBase64', 'validTo', 'enabled'], protect: true }`,
        ]),
    ...(importPath === undefined
      ? []
      : [`add the printed code to the program${absolute ? ' (its path is absolute)' : ''}`]),
    `pulumi stack import --file ${out}`,
    ...(importPath === undefined
      ? []
      : [`pulumi import --file ${importPath} --generate-code=false`]),
    'pulumi preview: it shows no change, except for deletions that were pending before',
  ];
  return [
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    `${stackExport} restores the stack (pulumi stack import). Once all is well, destroy it. It and the history of the stack still have the material`,
  ];
}
