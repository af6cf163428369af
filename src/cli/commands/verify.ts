import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { namedSource, withMaterial, type MaterialOptions } from '../material-option';
import { withAws, withJson } from '../options';
import { verification, withReimport, type ProofOptions } from '../proof/verification';

interface VerifyOptions extends ProofOptions, MaterialOptions {
  readonly json?: true;
}

/** `kms-byok verify` */
export const verify = defineCommand(
  {
    name: 'verify',
    summary: 'prove that a key has given material',
    details: [
      'For an HMAC key, it compares the MAC of a random message (kms:GenerateMac). For an RSA, ECC or Ed25519 key, it compares the public key (kms:GetPublicKey). Neither call changes the key.',
      'No call reveals the material of a symmetric encryption key, so the verdict is unproved. With --reimport, it imports the material again (kms:GetParametersForImport, kms:ImportKeyMaterial) with its KeyMaterialId and its expiry, and KMS refuses other bytes.',
    ],
    declare: (command) =>
      withJson(
        withAws(
          withReimport(
            withMaterial(command.requiredOption('--key-id <id>', 'key ID or key ARN; no alias')),
          ),
        ),
      ),
    examples: [
      {
        purpose: 'check that a backup is the material of the key',
        command:
          'kms-byok verify --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --material file:key.pem',
      },
      {
        purpose: 'prove the material of a symmetric key, from an environment variable',
        command:
          'kms-byok verify --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --material env:MATERIAL --reimport',
      },
    ],
    exitCodes: {
      0: 'same: the key has this material',
      2: 'different, absent or unproved',
      1: 'an error',
    },
  },
  async (options: VerifyOptions, io) => {
    const { key, verdict, materialFingerprint } = await verification(
      namedSource(options),
      options,
      io,
    );
    const { keyArn, keySpec } = key;
    io.stdout.write(
      options.json === true
        ? `${JSON.stringify({ keyArn, keySpec, materialFingerprint, ...verdict })}\n`
        : [
            `${verdict.verdict}: ${verdict.evidence}`,
            `key          ${keyArn}`,
            `fingerprint  ${materialFingerprint}`,
            ...(verdict.keyMaterialId === undefined
              ? []
              : [`material ID  ${verdict.keyMaterialId}`]),
            '',
          ].join('\n'),
    );
    return verdict.verdict === 'same' ? EXIT.ok : EXIT.attention;
  },
);
