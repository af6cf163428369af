import { basename } from 'node:path';
import { Option } from 'commander';
import { toWholeSeconds } from '../../domain/expiry';
import { assertImportableKey } from '../../domain/import-plan';
import {
  importableKeySpec,
  chooseWrapping,
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_SPECS,
  type WrappingInputs,
} from '../../domain/key-specs';
import { assert } from '../../errors';
import { identifier, serialize, type Bundle } from '../../material/bundle';
import { openKms } from '../aws';
import { openRecipe, RECIPE_NAMES, type RecipeName } from '../ceremony/recipes';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { withAws, withForce, withJson, type AwsOptions } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';

interface ParamsOptions extends AwsOptions, WrappingInputs {
  readonly keyId: string;
  readonly out: string;
  readonly recipe: RecipeName;
  readonly force?: true;
  readonly json?: true;
}

/** `kms-byok params` */
export const params = defineCommand(
  {
    name: 'params',
    summary: 'fetch the parameters for wrapping material on another machine (online)',
    details: [
      'First step of a ceremony over an air gap: params, wrap, import. The bundle has the wrapping key and the import token of one key, and no secret. KMS accepts the token for 24 hours. The command also prints the commands for people who wrap without this program, with OpenSSL or with pkcs11-tool.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAws(
            command
              .requiredOption('--key-id <id>', 'key ID or key ARN; no alias')
              .requiredOption('--out <file>', 'the bundle to write')
              .addOption(
                new Option(
                  '--wrapping-algorithm <name>',
                  'default: the strongest that the key spec allows',
                ).choices(WRAPPING_ALGORITHMS),
              )
              .addOption(
                new Option('--wrapping-key-spec <name>', 'default: RSA_4096').choices(
                  WRAPPING_KEY_SPECS,
                ),
              )
              .addOption(
                new Option('--recipe <tool>', 'print the commands for this program')
                  .choices(RECIPE_NAMES)
                  .default(RECIPE_NAMES[0]),
              ),
          ),
        ),
      ),
    examples: [
      {
        purpose: 'on a machine that can call KMS',
        command:
          'kms-byok params --key-id arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab --out bundle.json',
      },
    ],
    exitCodes: { 0: 'the bundle is written', 1: 'an error; nothing is written' },
  },
  async (options: ParamsOptions, io) => {
    const { keyId, out, force = false } = options;
    assertNoneExists([out], force);
    const kms = await openKms(keyId, options, io);
    const signal = AbortSignal.timeout(60_000);
    const key = await kms.observeKey(keyId, signal);
    assertImportableKey(key, {});
    const keySpec = importableKeySpec(key.keySpec);
    const recipe = openRecipe(options.recipe, keySpec);
    const wrapping = chooseWrapping(keySpec, options, key.region);
    const given = await kms.getImportParameters(key.keyArn, wrapping, signal);
    assert(
      given.validTo !== undefined,
      'KMS_WRAPPING_KEY',
      'the endpoint answered GetParametersForImport without ParametersValidTo: check the endpoint',
    );
    const bundle: Bundle = {
      format: 'pulumi-kms-byok/bundle',
      version: 1,
      keyArn: key.keyArn,
      keySpec,
      ...wrapping,
      publicKey: Buffer.from(given.publicKey).toString('base64'),
      importToken: Buffer.from(given.importToken).toString('base64'),
      parametersValidTo: toWholeSeconds(given.validTo),
    };
    writeFiles([{ path: out, content: serialize(bundle) }], force);
    const id = identifier(bundle);
    const { commands, sealing } = recipe.of(bundle, basename(out));
    if (options.json === true) {
      const { publicKey: _key, importToken: _token, ...about } = bundle;
      io.stdout.write(
        `${JSON.stringify({ bundle: out, id, ...about, recipe: options.recipe, commands })}\n`,
      );
      return EXIT.ok;
    }
    io.stdout.write(
      [
        `bundle      ${out}`,
        `id          ${id}`,
        `key         ${bundle.keyArn}`,
        `key spec    ${keySpec}`,
        `wrapping    ${wrapping.wrappingAlgorithm} with ${wrapping.wrappingKeySpec}`,
        `import by   ${bundle.parametersValidTo}`,
        '',
        'Wrap on the other machine with kms-byok:',
        '',
        `  kms-byok wrap --bundle ${basename(out)} ${recipe.options} --out wrapped.json`,
        '',
        `or with ${recipe.needs} and a POSIX shell, and make the wrapped file on a machine with kms-byok:`,
        '',
        ...commands.map((line) => `  ${line}`),
        `  ${sealing}`,
        '',
      ].join('\n'),
    );
    return EXIT.ok;
  },
);
