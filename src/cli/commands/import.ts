import { Option } from 'commander';
import { MAX_VALIDITY_DAYS } from '../../domain/expiry';
import { IMPORT_TYPES, type ImportType } from '../../domain/import-plan';
import { parseKeyReference } from '../../domain/identifiers';
import { assertWrappedId } from '../../material/wrapped-id';
import { WrappedMaterial } from '../../material/wrapped-material';
import { importMaterial } from '../../provider/imported-key-material/import-material';
import { PlaintextCache } from '../../provider/imported-key-material/read-material';
import { awaitImport } from '../../provider/imported-key-material/reconcile';
import { checkedInputs } from '../adoption/checked-inputs';
import { openKms } from '../aws';
import { readBundle, readWrapped } from '../ceremony/ceremony-files';
import { givenId } from '../ceremony/given-id';
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

const TIME_LIMIT_MS = 600_000;

/** `kms-byok import` */
export const importCommand = defineCommand(
  {
    name: 'import',
    summary: 'import wrapped material into its key (online)',
    details: [
      'Last step of a ceremony. A bundle that has expired, belongs to another key or was changed is refused before KMS is called, and so is a wrapped file whose id is not the one that --wrapped-id gives. That id comes from the people who wrapped, over another way than the file: whoever carries the file could exchange the material otherwise. At a terminal the command asks for it. The pair of files is also a source of ImportedKeyMaterial: material: { wrapped: { bundle, ciphertext, id } }.',
      'The fingerprint is the one that the wrapped file claims. KMS says whether a key had this material before, and kms-byok verify proves what a key holds.',
      'Without --valid-to and --valid-for the material does not expire.',
    ],
    declare: (command) =>
      withJson(
        withAccount(
          command
            .requiredOption('--bundle <file>', 'what kms-byok params wrote')
            .requiredOption('--wrapped <file>', 'what kms-byok wrap wrote')
            .option(
              '--wrapped-id <hex>',
              'the wrapped id that kms-byok wrap printed; required where there is no terminal',
            )
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
        command:
          'kms-byok import --bundle bundle.json --wrapped wrapped.json --wrapped-id 3f5c0a9d7b1e84626a0f9c3d5e7b8a41c2d4e6f8091a2b3c4d5e6f708192a3b4 --valid-for 90d',
      },
    ],
    exitCodes: { 0: 'the key holds the material', 1: 'an error' },
  },
  async (options: ImportOptions, io) => {
    const bundle = readBundle(options.bundle);
    const wrapped = readWrapped(options.wrapped);
    new WrappedMaterial(bundle, wrapped).fingerprint(parseKeyReference(bundle.keyArn));
    const id = await givenId(options.wrappedId, io);
    assertWrappedId(wrapped, id);
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
    const imported = await importMaterial(
      inputs,
      undefined,
      { mayShorten: true, keepOwner: true },
      context,
    );
    const { key, material } = await awaitImport(imported, undefined, context);
    const about = {
      keyArn: key.keyArn,
      keyState: key.keyState,
      keyMaterialId: material.keyMaterialId,
      keyMaterialState: material.keyMaterialState,
      claimedFingerprint: imported.materialFingerprint,
      validTo: material.validTo,
      requestId: imported.importReceipt?.requestId,
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
