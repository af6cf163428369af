import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { assert } from '../../errors';
import { choosePlaces, type Place } from '../adoption/choose-sources';
import { distinctNames, materialName } from '../adoption/distinct-names';
import { ExtractedFiles } from '../adoption/extracted-file';
import { heldMaterials, type HeldMaterial } from '../adoption/held-material';
import { importFileText } from '../adoption/import-file';
import { settle, type Migrated, type Migration } from '../adoption/migration';
import { printMigration } from '../adoption/migration-report';
import { parseStackExport, resourcesOf, stackExportText } from '../adoption/stack-export';
import { takeOver, type ToTakeOver } from '../adoption/take-over';
import { openKms } from '../aws';
import { defineCommand } from '../command';
import { removeUnfinished } from '../complete-file';
import { EXIT } from '../exit-code';
import { readInput } from '../input-file';
import type { Io } from '../io';
import { namedSource } from '../material-option';
import { several, withAccount, withForce, withJson } from '../options';
import { writeFiles, type OutputFile } from '../output-file';
import type { ProofOptions } from '../proof/verification';

interface MigrateOptions extends Omit<ProofOptions, 'region'> {
  readonly stackExport: string;
  readonly out: string;
  readonly importFile: string;
  readonly material?: readonly string[];
  readonly extract?: string;
  readonly force?: true;
  readonly json?: true;
}

/** An export of a large stack has some tens of MB. */
const EXPORT_LIMIT_BYTES = 512 * 1024 * 1024;

/** `kms-byok migrate` */
export const migrate = defineCommand(
  {
    name: 'migrate',
    summary: 'take material out of the state of aws.kms.ExternalKey',
    details: [
      'It reads a stack export, removes keyMaterialBase64 from every aws.kms.ExternalKey and ReplicaExternalKey, and writes the export for pulumi stack import, the file for pulumi import --file, and the program that goes with it. No key is replaced. It reads the keys (kms:DescribeKey, kms:ListKeyRotations) and proves the material as kms-byok verify does. Run it in the folder of the program. It can be run again after an interruption.',
      'From then on the material comes from a source of yours: name one for each key with --material NAME=SOURCE, or let --extract write the material to files that only you can read. Extracting needs an export with --show-secrets. Material leaves the export only if it is in a file that was read back, or in a source that was compared with it or proved; otherwise it stays in the new export.',
      'Of a symmetric key only --reimport proves the material: it imports the same material again (kms:GetParametersForImport, kms:ImportKeyMaterial) under the guard of its KeyMaterialId, which changes nothing. Without it the material is called unproved.',
      'Old versions of the state keep the material: destroy them, and rotate the keys where others could read them.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAccount(
            command
              .requiredOption('--stack-export <file>', 'what pulumi stack export wrote')
              .requiredOption('--out <file>', 'the export without material')
              .requiredOption('--import-file <file>', 'the file for pulumi import --file')
              .option(
                '--material <name=source>',
                'where the material of one key is from now on, such as root=file:root.bin; may be given several times; a URN names one of several keys with one name',
                several,
              )
              .option('--extract <folder>', 'write material that has no --material to this folder')
              .option(
                '--reimport',
                'prove symmetric keys by a guarded import of the same material',
              ),
          ),
        ),
      ),
    examples: [
      {
        purpose: 'in the folder of the program, with the material in a file from now on',
        command:
          'pulumi stack export --show-secrets --file before.json && kms-byok migrate --stack-export before.json --out after.json --import-file import.json --extract secrets --reimport',
      },
      {
        purpose: 'then change the program as printed, and',
        command:
          'pulumi stack import --file after.json && pulumi import --file import.json --generate-code=false && pulumi preview',
      },
    ],
    exitCodes: {
      0: 'the files are written, or the export has no material',
      2: 'the files are written, and material is still in the new export: unproved, or in other resources too',
      1: 'an error; nothing is written',
    },
  },
  async (options: MigrateOptions, io) => {
    assertDistinctFiles([options.stackExport, options.out, options.importFile]);
    const document = parseStackExport(
      readInput(options.stackExport, '--stack-export', EXPORT_LIMIT_BYTES),
    );
    const held = heldMaterials(document);
    const names = distinctNames(held, resourcesOf(document));
    const places = choosePlaces(names, options.material ?? [], options.extract);
    if (held.length === 0) {
      io.stderr.write(
        'the export has no key with material, so nothing was written. If after.json is in the stack already, go on with pulumi import\n',
      );
      if (options.json === true) {
        const materials = { found: 0, extracted: 0, named: 0, left: 0 };
        io.stdout.write(
          `${JSON.stringify({ keys: [], materials, extracted: [], remaining: [] })}\n`,
        );
      }
      return EXIT.ok;
    }
    const keys = await readKeys(names, places, options, io);
    const extracted = new ExtractedFiles();
    let migration: Migration;
    try {
      for (const [{ bytes }, place] of places) {
        if (place.kind === 'file' && bytes !== undefined) extracted.save(place.path, bytes());
      }
      const migrated: Migrated[] = [];
      for (const [one, place] of places) {
        const key = keys.get(one);
        const takenOver =
          key === undefined ? undefined : await takeOver(key, resourcesOf(document), options, io);
        migrated.push({ held: one, name: names.get(one) ?? one.name, place, takenOver });
      }
      migration = settle(document, migrated);
      const { state, importFile } = migration;
      writeFiles(
        [
          ...(importFile.resources.length === 0
            ? []
            : [{ path: options.importFile, content: importFileText(importFile) }]),
          // The last, because it is what leads on. Other secrets may be in it in clear.
          { path: options.out, content: stackExportText(state), secret: true },
        ].filter(isNotWrittenYet),
        options.force ?? false,
      );
    } catch (error) {
      extracted.remove();
      throw error;
    }
    printMigration(migration, options, io);
    const isClean = migration.remaining.length === 0 && migration.counts.left === 0;
    return isClean ? EXIT.ok : EXIT.attention;
  },
);

// With --force the export would be replaced, which is what brings the stack back.
function assertDistinctFiles(paths: readonly string[]): void {
  const files = paths.map((path) => (existsSync(path) ? realpathSync(path) : resolve(path)));
  assert(
    new Set(files).size === files.length,
    'FILE_EXISTS',
    '--stack-export, --out and --import-file need a file each, so nothing was written: name different files',
  );
}

// A run after an interruption finds what the first has written.
function isNotWrittenYet({ path, content }: OutputFile): boolean {
  removeUnfinished(path);
  return !existsSync(path) || readFileSync(path, 'utf8') !== content;
}

async function readKeys(
  names: ReadonlyMap<HeldMaterial, string>,
  places: ReadonlyMap<HeldMaterial, Place>,
  options: MigrateOptions,
  io: Io,
): Promise<ReadonlyMap<HeldMaterial, ToTakeOver>> {
  const keys = new Map<HeldMaterial, ToTakeOver>();
  for (const [held, place] of places) {
    if (held.onlyKept !== undefined || place.kind === 'state') continue;
    const { urn, keyArn } = held;
    assert(
      keyArn !== undefined,
      'STACK_EXPORT',
      `${urn} has no ARN in the export: run pulumi refresh, and export again`,
    );
    const kms = await openKms(keyArn, options, io);
    const key = await kms.observeKey(keyArn, new AbortController().signal);
    const source =
      place.kind === 'named' ? place.source : namedSource({ material: `file:${place.path}` });
    keys.set(held, { held, name: materialName(names.get(held) ?? held.name), source, key, kms });
  }
  return keys;
}
