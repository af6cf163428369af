import { assert } from '../../errors';
import { fingerprintForms, type Fingerprint } from '../../domain/fingerprint';
import {
  BLOB_LIMIT_BYTES,
  identifier,
  parseWrapped,
  serialize,
  type Bundle,
  type WrappedFile,
  wrapForBundle,
} from '../../material/bundle';
import { WrappedMaterial } from '../../material/wrapped-material';
import { readBundle } from '../ceremony/ceremony-files';
import { defineCommand, type CliCommand, type CommandText } from '../command';
import { EXIT } from '../exit-code';
import { readBytes } from '../input-file';
import type { Io } from '../io';
import {
  optionalSource,
  withOpenMaterial,
  withOptionalMaterial,
  type OptionalMaterialOptions,
} from '../material-option';
import { withForce, withJson } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';

interface WrapOptions extends OptionalMaterialOptions {
  readonly bundle: string;
  readonly ciphertext?: string;
  readonly fingerprint?: string;
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
}

/** `kms-byok wrap` */
export const wrap = wrapCommand({
  program: 'kms-byok',
  details: [
    'With --pkcs11 instead of --material, an HSM wraps its own key, and nothing but the ciphertext leaves it. The HSM has to have the wrapping algorithm of the bundle: kms-byok doctor --pkcs11 shows which it has.',
  ],
  takesTokens: true,
  examples: [
    {
      purpose: 'a key that an HSM keeps',
      command:
        'kms-byok wrap --bundle bundle.json --pkcs11 /usr/lib/softhsm/libsofthsm2.so --token vault --key root --pin env:HSM_PIN --out wrapped.json',
    },
  ],
});

/**
 * Defines the command for a program.
 *
 * @param parts - the name of the program, and what only it has
 */
export function wrapCommand(
  parts: Pick<CommandText, 'examples'> & {
    readonly program: string;
    readonly takesTokens: boolean;
    readonly details: readonly string[];
  },
): CliCommand {
  return defineCommand(
    {
      name: 'wrap',
      summary: 'wrap material for a bundle (offline)',
      details: [
        'Second step of a ceremony, on a machine without a network: it loads no AWS SDK and opens no socket. The wrapped file has no secret. Compare the id of the bundle and the key with the people who ran params, over another channel than the files. Give the wrapped id to the people who import, over that channel too: otherwise anybody who carries the wrapped file could exchange it.',
        ...parts.details,
        'With --ciphertext and --fingerprint instead of --material, it accepts a ciphertext that was made by hand. That fingerprint is only claimed, because this command does not see the material. Compare the wrapped id with the one that the commands of params printed.',
      ],
      declare: (command) =>
        withForce(
          withJson(
            withOptionalMaterial(
              command.requiredOption('--bundle <file>', 'the bundle that kms-byok params wrote'),
              parts.takesTokens,
            )
              .option('--ciphertext <file>', 'material that is already wrapped, as bytes')
              .option('--fingerprint <fingerprint>', 'the fingerprint of that material for the key')
              .requiredOption('--out <file>', 'the wrapped file to write'),
          ),
        ),
      examples: [
        {
          purpose: 'on the machine without a network',
          command: `${parts.program} wrap --bundle bundle.json --material file:material.bin --out wrapped.json`,
        },
        {
          purpose: 'an encrypted private key',
          command: `${parts.program} wrap --bundle bundle.json --material file:key.pem --passphrase env:PASSPHRASE --out wrapped.json`,
        },
        ...parts.examples,
      ],
      exitCodes: { 0: 'the wrapped file is written', 1: 'an error; nothing is written' },
    },
    async (options: WrapOptions, io) => {
      const { out, force = false } = options;
      assertNoneExists([out], force);
      const bundle = readBundle(options.bundle);
      const wrapped = await wrappedBy(options, bundle, io);
      writeFiles([{ path: out, content: serialize(wrapped) }], force);
      if (Date.parse(bundle.parametersValidTo) <= io.now().getTime()) {
        // Only a warning: the clock of a machine without a network may be wrong, and import checks again.
        io.stderr.write(
          `warning: by the clock of this machine, the bundle expired at ${bundle.parametersValidTo}\n`,
        );
      }
      const claimed = options.ciphertext !== undefined;
      const about = {
        wrapped: out,
        wrappedId: identifier(wrapped),
        bundleId: wrapped.bundleId,
        keyArn: bundle.keyArn,
        keySpec: bundle.keySpec,
        [claimed ? 'claimedFingerprint' : 'materialFingerprint']: wrapped.materialFingerprint,
        parametersValidTo: bundle.parametersValidTo,
      };
      io.stdout.write(
        options.json === true
          ? `${JSON.stringify(about)}\n`
          : [
              `wrapped              ${about.wrapped}`,
              `wrapped id           ${about.wrappedId}`,
              `bundle id            ${about.bundleId}`,
              `key                  ${about.keyArn}`,
              `key spec             ${about.keySpec}`,
              `${(claimed ? 'claimed fingerprint' : 'fingerprint').padEnd(20)} ${wrapped.materialFingerprint}`,
              `import by            ${about.parametersValidTo}`,
              '',
            ].join('\n'),
      );
      return EXIT.ok;
    },
  );
}

async function wrappedBy(options: WrapOptions, bundle: Bundle, io: Io): Promise<WrappedFile> {
  const { ciphertext, fingerprint } = options;
  assert(
    [options.material, options.pkcs11, ciphertext].filter((each) => each !== undefined).length ===
      1 && (ciphertext === undefined) === (fingerprint === undefined),
    'MATERIAL_SOURCE',
    'give --material, or --pkcs11, or --ciphertext with --fingerprint',
  );
  const source = optionalSource(options);
  if (source !== undefined) {
    return withOpenMaterial(source, undefined, io, (open) =>
      wrapForBundle(open, bundle, {
        random: io.random,
        signal: new AbortController().signal,
      }),
    );
  }
  const bytes = readBytes(ciphertext ?? '', '--ciphertext', BLOB_LIMIT_BYTES);
  const body: WrappedFile = {
    format: 'pulumi-kms-byok/wrapped',
    version: 1,
    bundleId: identifier(bundle),
    encryptedKeyMaterial: bytes.toString('base64'),
    materialFingerprint: fingerprint as Fingerprint,
  };
  // Refuses an invalid fingerprint, and a ciphertext that cannot belong to this bundle.
  const wrapped = parseWrapped(serialize(body));
  const forms = fingerprintForms(bundle.keySpec);
  assert(
    forms.some((form) => wrapped.materialFingerprint.startsWith(`${form}:`)),
    'BUNDLE_MISMATCH',
    `--fingerprint is not a fingerprint of ${bundle.keySpec} material, which begins with ${forms.join(' or ')}; give the one that the commands of this bundle printed`,
  );
  new WrappedMaterial(bundle, wrapped).close();
  return wrapped;
}
