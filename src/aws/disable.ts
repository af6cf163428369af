import { DisableKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { translate } from './client';

/**
 * Disables a key, which can be repeated.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function disableKey(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<void> {
  await client
    .send(new DisableKeyCommand({ KeyId: keyId }), { abortSignal })
    .catch((error: unknown) => {
      throw translate(error, 'DisableKey');
    });
}
