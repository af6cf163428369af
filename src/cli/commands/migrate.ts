import { isComplete } from '../adoption/migration';
import { migrateExport, type MigrationOptions } from '../adoption/migrate-export';
import { assertDistinctFiles } from '../adoption/migration-files';
import { printMigration, printNothingToMigrate } from '../adoption/migration-report';
import { EXPORT_LIMIT_BYTES, parseStackExport } from '../adoption/stack-export';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { readInput } from '../input-file';
import { several, withAccount, withForce, withJson, withNative } from '../options';
import { withReimport } from '../proof/verification';

interface MigrateOptions extends MigrationOptions {
  readonly json?: true;
}

/** `kms-byok migrate` */
export const migrate = defineCommand(
  {
    name: 'migrate',
    summary: 'take material out of the state of aws.kms.ExternalKey',
    details: [
      'It reads a stack export, removes keyMaterialBase64 from every aws.kms.ExternalKey and ReplicaExternalKey, and writes the new export for pulumi stack import and the file for pulumi import --file. It prints the code to add to the program. It replaces no key. It reads the keys (kms:DescribeKey, kms:ListKeyRotations) and proves the material as kms-byok verify does. Run it in the folder of the program. If something interrupts it, run it again.',
      'From then on, the material comes from a source of yours. Name a source for each key with --material NAME=SOURCE, or let --extract write the material to files that only you can read. --extract needs an export that was made with --show-secrets. The command removes material from the export only if it has written the material to a file and read it back, or has compared or proved the source that you named. Other material stays in the new export.',
      'Only --reimport proves the material of a symmetric key. It imports the material again (kms:GetParametersForImport, kms:ImportKeyMaterial) with its KeyMaterialId and its expiry, and KMS refuses other bytes. Without --reimport, the verdict is unproved.',
      'The printed code has a connection for a key of an explicit aws provider that has a profile, a role or endpoints of its own.',
      'Old versions of the state still have the material. Destroy them, and rotate each key whose material others could read there.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAccount(
            withReimport(
              withNative(command)
                .requiredOption(
                  '--stack-export <file>',
                  'the export that pulumi stack export wrote',
                )
                .requiredOption('--out <file>', 'the new export to write, without the material')
                .requiredOption(
                  '--import-file <file>',
                  'the file to write for pulumi import --file',
                )
                .option(
                  '--material <name=source>',
                  'source of the material of one key from now on, such as root=file:root.bin; repeat the option for other keys; give the URN if several keys have the same name',
                  several,
                )
                .option(
                  '--extract <folder>',
                  'write the material of keys without --material to this folder',
                )
                .option(
                  '--skip <name>',
                  'leave this key as it is, with its material in the new export, such as a key that KMS no longer has; repeat the option for other keys; give the URN if several keys have the same name',
                  several,
                ),
            ),
          ),
        ),
      ),
    examples: [
      {
        purpose: 'in the folder of the program, to keep the material in files from now on',
        command:
          'pulumi stack export --show-secrets --file before.json && kms-byok migrate --stack-export before.json --out after.json --import-file import.json --extract secrets --reimport',
      },
      {
        purpose: 'then change the program as printed, and run',
        command:
          'pulumi stack import --file after.json && pulumi import --file import.json --generate-code=false && pulumi preview',
      },
    ],
    exitCodes: {
      0: 'the files are written, or the export has no material',
      2: 'the files are written, but the new export still has material, in the keys or in other resources',
      1: 'an error; nothing is written',
    },
  },
  async (options: MigrateOptions, io) => {
    assertDistinctFiles(options);
    const text = readInput(options.stackExport, '--stack-export', EXPORT_LIMIT_BYTES);
    const migration = await migrateExport(parseStackExport(text), options, io);
    if (migration === undefined) {
      printNothingToMigrate(options, io);
      return EXIT.ok;
    }
    printMigration(migration, options, io);
    return isComplete(migration) ? EXIT.ok : EXIT.attention;
  },
);
