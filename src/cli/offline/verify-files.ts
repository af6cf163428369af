import { assert } from '../../errors';
import { parseKeyReference } from '../../domain/identifiers';
import { identifier } from '../../material/bundle';
import { readPair } from '../ceremony/ceremony-files';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { fingerprintOf } from '../material-fingerprint';
import { withMaterial, type MaterialOptions } from '../material-option';
import { withJson } from '../options';

interface VerifyFilesOptions extends MaterialOptions {
  readonly bundle: string;
  readonly wrapped: string;
  readonly json?: true;
}

/** `verify` of the offline program */
export const verifyFiles = defineCommand(
  {
    name: 'verify',
    summary: 'compare a bundle, a wrapped file and the material',
    details: [
      'It compares what the wrapped file says with the bundle and the material. It cannot open the ciphertext, because only KMS has the key. So it does not prove that the ciphertext has the material: compare the wrapped id with the one that wrap printed.',
    ],
    declare: (command) =>
      withJson(
        withMaterial(
          command
            .requiredOption('--bundle <file>', 'the bundle that kms-byok params wrote')
            .requiredOption('--wrapped <file>', 'the file that wrap wrote'),
        ),
      ),
    examples: [
      {
        purpose: 'before the files leave the machine',
        command:
          'node kms-byok-offline.js verify --bundle bundle.json --wrapped wrapped.json --material file:material.bin',
      },
    ],
    exitCodes: { 0: 'the files belong together', 1: 'they do not, or an error' },
  },
  async (options: VerifyFilesOptions, io) => {
    const { bundle, wrapped } = readPair(options);
    const key = parseKeyReference(bundle.keyArn);
    const own = await fingerprintOf(options, { key, keySpec: bundle.keySpec }, io);
    assert(
      own === wrapped.materialFingerprint,
      'BUNDLE_MISMATCH',
      `--wrapped names the fingerprint ${wrapped.materialFingerprint}, and --material has ${own}: wrap the right material again`,
    );
    const about = {
      bundleId: identifier(bundle),
      wrappedId: identifier(wrapped),
      keyArn: bundle.keyArn,
      materialFingerprint: own,
    };
    io.stdout.write(
      options.json === true
        ? `${JSON.stringify(about)}\n`
        : [
            `bundle id    ${about.bundleId}`,
            `wrapped id   ${about.wrappedId}`,
            `key          ${about.keyArn}`,
            `fingerprint  ${about.materialFingerprint}`,
            '',
          ].join('\n'),
    );
    return EXIT.ok;
  },
);
