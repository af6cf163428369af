import { GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { assert } from '../errors';
import { NOT_KMS } from './unsupported';

/**
 * Reads the key policy of a key: JSON text, as it was put.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function getKeyPolicy(
  client: KMSClient,
  keyArn: string,
  abortSignal: AbortSignal,
): Promise<string> {
  // A key has one policy, of this name (AWS KMS API Reference, GetKeyPolicy).
  const command = new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' });
  const { Policy: policy } = await client.send(command, { abortSignal });
  assert(
    typeof policy === 'string' && policy !== '',
    'KMS_UNSUPPORTED',
    `the answer to GetKeyPolicy has no policy; ${NOT_KMS}`,
  );
  return policy;
}
