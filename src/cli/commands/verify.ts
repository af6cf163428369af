import { parseKeyReference } from '../../domain/identifiers';
import { openKms } from '../aws';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import {
  namedSource,
  withMaterial,
  withOpenMaterial,
  type MaterialOptions,
} from '../material-option';
import { withAws, withJson } from '../options';
import { proveAsAsked, type ProofOptions } from '../proof/prove-as-asked';
import type { Verification } from '../proof/verdict';

interface VerifyOptions extends ProofOptions, MaterialOptions {
  readonly keyId: string;
  readonly json?: true;
}

/** `kms-byok verify` */
export const verify = defineCommand(
  {
    name: 'verify',
    summary: 'prove that a key holds given material',
    details: [
      'HMAC keys: the MAC of a random message is compared (kms:GenerateMac). RSA, ECC and Ed25519 keys: the public key is compared (kms:GetPublicKey). Neither changes the key.',
      'A symmetric encryption key answers nothing from which its material could be told. --reimport imports the material again, with the expiry that it has and under the guard of its KeyMaterialId, so that KMS refuses other bytes; it calls ImportKeyMaterial. Without it the verdict is unproved.',
    ],
    declare: (command) =>
      withJson(
        withAws(
          withMaterial(
            command.requiredOption('--key-id <id>', 'key ID or key ARN; no alias'),
          ).option('--reimport', 'prove a symmetric key by a guarded import of the same material'),
        ),
      ),
    examples: [
      {
        purpose: 'is the backup the material of the key?',
        command:
          'kms-byok verify --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --material file:key.pem',
      },
      {
        purpose: 'a symmetric key, from a variable',
        command:
          'kms-byok verify --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --material env:MATERIAL --reimport',
      },
    ],
    exitCodes: {
      0: 'same: the key holds this material',
      2: 'different, absent or unproved',
      1: 'an error',
    },
  },
  async (options: VerifyOptions, io) => {
    const source = namedSource(options);
    const kms = await openKms(options.keyId, options, io);
    const key = await kms.observeKey(options.keyId, new AbortController().signal);
    const found = await withOpenMaterial(
      source,
      options,
      io,
      async (material): Promise<Verification> => ({
        keyArn: key.keyArn,
        keySpec: key.keySpec,
        materialFingerprint: material.fingerprint(parseKeyReference(key.keyArn)),
        ...(await proveAsAsked(key, material, kms, options, io)),
      }),
    );
    io.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : text(found));
    return found.verdict === 'same' ? EXIT.ok : EXIT.attention;
  },
);

function text({ verdict, evidence, keyArn, keyMaterialId, materialFingerprint }: Verification) {
  return [
    `${verdict}: ${evidence}`,
    `key          ${keyArn}`,
    `fingerprint  ${materialFingerprint}`,
    ...(keyMaterialId === undefined ? [] : [`material ID  ${keyMaterialId}`]),
    '',
  ].join('\n');
}
