import { Option } from 'commander';
import { MAX_VALIDITY_DAYS } from '../../domain/expiry';
import { IMPORT_TYPES, type ImportType } from '../../domain/import-plan';
import { parseKeyReference } from '../../domain/identifiers';
import { WrappedMaterial } from '../../material/wrapped-material';
import { awaitImport, importMaterial } from '../../provider/imported-key-material/import-material';
import { keepDisabled } from '../../provider/imported-key-material/keep-disabled';
import { PlaintextCache } from '../../provider/plaintext-cache';
import { checkedInputs } from '../adoption/checked-inputs';
import { openKms } from '../aws';
import { readBundle, readWrapped } from '../ceremony/ceremony-files';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { withAccount, withJson, type AwsOptions } from '../options';

interface ImportOptions extends Omit<AwsOptions, 'region'> {
  readonly bundle: string;
  readonly wrapped: string;
  readonly validTo?: string;
  readonly validFor?: string;
  readonly importType?: ImportType;
  readonly description?: string;
  readonly json?: true;
}

const TIME_LIMIT_MS = 600_000;

/** `kms-byok import` */
export const importCommand = defineCommand(
  {
    name: 'import',
    summary: 'import wrapped material into its key (online)',
    details: [
      'Last step of a ceremony. A bundle that has expired, belongs to another key or was changed is refused before KMS is called. The pair of files is also a source of ImportedKeyMaterial: material: { wrapped: { bundle, ciphertext } }.',
      'Without --valid-to and --valid-for the material does not expire.',
    ],
    declare: (command) =>
      withJson(
        withAccount(
          command
            .requiredOption('--bundle <file>', 'what kms-byok params wrote')
            .requiredOption('--wrapped <file>', 'what kms-byok wrap wrote')
            .option(
              '--valid-to <instant>',
              `expiry, RFC 3339, at most ${MAX_VALIDITY_DAYS} days ahead`,
            )
            .option('--valid-for <duration>', 'expiry from now, such as 90d')
            .addOption(
              new Option(
                '--import-type <type>',
                'NEW_KEY_MATERIAL stages further material of a symmetric key for a rotation',
              ).choices(IMPORT_TYPES),
            )
            .option('--description <text>', 'description of the material; symmetric keys only'),
        ),
      ),
    examples: [
      {
        purpose: 'online, with an expiry',
        command: 'kms-byok import --bundle bundle.json --wrapped wrapped.json --valid-for 90d',
      },
    ],
    exitCodes: { 0: 'the key holds the material', 1: 'an error' },
  },
  async (options: ImportOptions, io) => {
    const bundle = readBundle(options.bundle);
    const wrapped = readWrapped(options.wrapped);
    new WrappedMaterial(bundle, wrapped).fingerprint(parseKeyReference(bundle.keyArn));
    const inputs = await checkedInputs(
      {
        keyId: bundle.keyArn,
        keySpec: bundle.keySpec,
        material: { wrapped: { bundle: options.bundle, ciphertext: options.wrapped } },
        validTo: options.validTo,
        validFor: options.validFor,
        importType: options.importType,
        keyMaterialDescription: options.description,
      },
      io,
    );
    const context = {
      kms: await openKms(bundle.keyArn, options, io),
      now: io.now,
      random: io.random,
      env: io.env,
      plaintexts: new PlaintextCache(),
      sleep: io.sleep,
      tell: (line: string) => {
        io.stderr.write(`${line}\n`);
      },
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      // A wrapped source reads two files and nothing else.
      connectSecrets: () => Promise.reject(new TypeError('not reached')),
    };
    const imported = await importMaterial(inputs, undefined, { mayShorten: true }, context);
    const { key: after, material } = await awaitImport(inputs, imported, context);
    const key = await keepDisabled(imported.key, after, undefined, context);
    const about = {
      keyArn: key.keyArn,
      keyState: key.keyState,
      keyMaterialId: material.keyMaterialId,
      keyMaterialState: material.keyMaterialState,
      materialFingerprint: imported.materialFingerprint,
      validTo: material.validTo,
      requestId: imported.importReceipt?.requestId,
    };
    io.stdout.write(
      options.json === true
        ? `${JSON.stringify(about)}\n`
        : [
            `imported into  ${about.keyArn}, which is ${about.keyState}`,
            `fingerprint    ${about.materialFingerprint}`,
            ...(about.keyMaterialId === undefined
              ? []
              : [`material ID    ${about.keyMaterialId} (${about.keyMaterialState ?? ''})`]),
            `expires        ${about.validTo ?? 'never'}`,
            '',
          ].join('\n'),
    );
    return EXIT.ok;
  },
);
