import { DeleteImportedKeyMaterialCommand, type KMSClient } from '@aws-sdk/client-kms';
import { translate } from './client';

/**
 * Deletes one material. Without an ID KMS deletes the CURRENT one, so the ID is left out only for
 * keys that have no material IDs.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function deleteKeyMaterial(
  client: KMSClient,
  keyId: string,
  keyMaterialId: string | undefined,
  abortSignal: AbortSignal,
): Promise<void> {
  await client
    .send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: keyMaterialId }), {
      abortSignal,
    })
    .catch((error: unknown) => {
      throw translate(error, 'DeleteImportedKeyMaterial');
    });
}
