import {
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { createPublicKey, publicEncrypt } from 'node:crypto';

/**
 * An import of symmetric material by something that is not this package.
 *
 * @returns the KeyMaterialId
 */
export async function importByHand(
  client: KMSClient,
  keyId: string,
  bytes: Uint8Array,
  more: Partial<ImportKeyMaterialCommandInput> = {},
): Promise<string> {
  const { PublicKey, ImportToken } = await client.send(
    new GetParametersForImportCommand({
      KeyId: keyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    }),
  );
  const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
  const { KeyMaterialId } = await client.send(
    new ImportKeyMaterialCommand({
      KeyId: keyId,
      ImportToken,
      EncryptedKeyMaterial: Buffer.from(publicEncrypt({ key, oaepHash: 'sha256' }, bytes)),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    }),
  );
  return KeyMaterialId!;
}
