import { parseKeyReference } from '../../domain/identifiers';
import { importableKeySpec } from '../../domain/key-specs';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { fingerprintOf } from '../material-fingerprint';
import { withMaterial, type MaterialOptions } from '../material-option';
import { withJson } from '../options';

interface FingerprintOptions extends MaterialOptions {
  readonly keyId: string;
  readonly keySpec?: string;
  readonly json?: true;
}

/** `kms-byok fingerprint` */
export const fingerprint = defineCommand(
  {
    name: 'fingerprint',
    summary: 'print the fingerprint of material for a key, offline',
    details: [
      'State, wrapped files and descriptions of key material identify material by this fingerprint. It depends on the key: the same material in two keys has two fingerprints.',
    ],
    declare: (command) =>
      withJson(
        withMaterial(
          command
            .requiredOption('--key-id <id>', 'key ID or key ARN')
            .option('--key-spec <spec>', 'check that the material fits, such as SYMMETRIC_DEFAULT'),
        ),
      ),
    examples: [
      {
        purpose: 'compare a backup with materialFingerprint in state',
        command:
          'kms-byok fingerprint --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --material file:backup.bin',
      },
    ],
    exitCodes: { 0: 'printed', 1: 'an error' },
  },
  async (options: FingerprintOptions, io) => {
    const key = parseKeyReference(options.keyId);
    const keySpec = options.keySpec === undefined ? undefined : importableKeySpec(options.keySpec);
    const value = await fingerprintOf(options, { key, keySpec }, io);
    io.stdout.write(
      options.json === true ? `${JSON.stringify({ fingerprint: value })}\n` : `${value}\n`,
    );
    return EXIT.ok;
  },
);
