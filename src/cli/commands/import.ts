import { Option } from 'commander';
import { MAX_VALIDITY_DAYS } from '../../domain/expiry';
import { IMPORT_TYPES, type ImportType } from '../../domain/import-type';
import { checkedInputs } from '../adoption/checked-inputs';
import { openKms } from '../aws';
import { readCeremonyFiles } from '../ceremony/ceremony-files';
import { importWrapped } from '../ceremony/import-wrapped';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { withAccount, withJson, type AwsOptions } from '../options';

interface ImportOptions extends Omit<AwsOptions, 'region'> {
  readonly bundle: string;
  readonly wrapped: string;
  readonly wrappedId?: string;
  readonly validTo?: string;
  readonly validFor?: string;
  readonly importType?: ImportType;
  readonly description?: string;
  readonly json?: true;
}

/** `kms-byok import` */
export const importCommand = defineCommand(
  {
    name: 'import',
    summary: 'import wrapped material into its key (online)',
    details: [
      'Last step of a ceremony. It refuses a bundle that has expired, that belongs to another key or that was changed, and a wrapped file whose id is not --wrapped-id, before it calls KMS. Get that id from the people who wrapped, over another channel than the file: otherwise anybody who carries the file could replace the material. At a terminal, the command asks for the id. ImportedKeyMaterial can also read the two files: material: { wrapped: { bundle, ciphertext, id } }.',
      'The fingerprint that it prints is only claimed by the wrapped file. kms-byok verify proves which material a key has.',
      'Without --valid-to and --valid-for, the material does not expire.',
    ],
    declare: (command) =>
      withJson(
        withAccount(
          command
            .requiredOption('--bundle <file>', 'the bundle that kms-byok params wrote')
            .requiredOption('--wrapped <file>', 'the wrapped file that kms-byok wrap wrote')
            .option(
              '--wrapped-id <hex>',
              'the wrapped id that kms-byok wrap printed; required if there is no terminal',
            )
            .option(
              '--valid-to <instant>',
              `expiry, RFC 3339, at most ${MAX_VALIDITY_DAYS} days ahead`,
            )
            .option('--valid-for <duration>', 'expiry from now, such as 90d')
            .addOption(
              new Option(
                '--import-type <type>',
                'NEW_KEY_MATERIAL stages new material of a symmetric key for a rotation',
              ).choices(IMPORT_TYPES),
            )
            .option('--description <text>', 'description of the material; symmetric keys only'),
        ),
      ),
    examples: [
      {
        purpose: 'on a machine that can call KMS, with an expiry',
        command:
          'kms-byok import --bundle bundle.json --wrapped wrapped.json --wrapped-id 3f5c0a9d7b1e84626a0f9c3d5e7b8a41c2d4e6f8091a2b3c4d5e6f708192a3b4 --valid-for 90d',
      },
    ],
    exitCodes: { 0: 'the key has the material', 1: 'an error' },
  },
  async (options: ImportOptions, io) => {
    const { bundle, id } = await readCeremonyFiles(options, io);
    const inputs = await checkedInputs(
      {
        keyId: bundle.keyArn,
        keySpec: bundle.keySpec,
        material: { wrapped: { bundle: options.bundle, ciphertext: options.wrapped, id } },
        validTo: options.validTo,
        validFor: options.validFor,
        importType: options.importType,
        keyMaterialDescription: options.description,
      },
      io,
    );
    const kms = await openKms(bundle.keyArn, options, io);
    const { key, material, fingerprint, requestId } = await importWrapped(inputs, kms, io);
    const about = {
      keyArn: key.keyArn,
      keyState: key.keyState,
      keyMaterialId: material.keyMaterialId,
      keyMaterialState: material.keyMaterialState,
      claimedFingerprint: fingerprint,
      validTo: material.validTo,
      requestId,
    };
    io.stdout.write(
      options.json === true
        ? `${JSON.stringify(about)}\n`
        : [
            `imported into        ${about.keyArn}, which is ${about.keyState}`,
            `claimed fingerprint  ${about.claimedFingerprint}`,
            ...(about.keyMaterialId === undefined
              ? []
              : [`material ID          ${about.keyMaterialId} (${about.keyMaterialState ?? ''})`]),
            `expires              ${about.validTo ?? 'never'}`,
            '',
          ].join('\n'),
    );
    return EXIT.ok;
  },
);
