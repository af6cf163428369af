import {
  GetKeyRotationStatusCommand,
  KMSClient,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { ByokError } from '../errors';
import { clientSettings, translate } from './client';
import type { KmsConnection } from './connection';

/**
 * Whether an on-demand rotation has begun and is not complete. KMS shows its start only in between
 * (AWS KMS API Reference, GetKeyRotationStatus).
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function isRotating(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const answer = await client
    .send(new GetKeyRotationStatusCommand({ KeyId: keyId }), { abortSignal })
    .catch((error: unknown) => {
      throw translate(error, 'GetKeyRotationStatus');
    });
  return answer.OnDemandRotationStartDate !== undefined;
}

// After these the rotation may have begun, now or by an earlier request, or may be asked for again.
const UNCERTAIN_NAMES = [
  'ConflictException',
  'DependencyTimeoutException',
  'KMSInternalException',
  'ThrottlingException',
];

/**
 * Asks for the rotation to the staged material, in one attempt: a request whose response is lost may
 * have begun the rotation, so that the key is looked at before there is another.
 *
 * @returns undefined when KMS has accepted it; the error when it may have, or may at another try
 * @throws {@link ByokError} `ROTATION_LIMIT`, `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function rotateKeyOnDemand(
  connection: KmsConnection,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<ByokError | undefined> {
  const client = new KMSClient({ ...clientSettings(connection, connection), maxAttempts: 1 });
  try {
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }), { abortSignal });
    return undefined;
  } catch (error) {
    const { name } = error as Error;
    const translated = translate(error, 'RotateKeyOnDemand');
    if (name === 'LimitExceededException') {
      throw new ByokError('ROTATION_LIMIT', translated.reason, { cause: error });
    }
    if (UNCERTAIN_NAMES.includes(name) || translated.code === 'KMS_UNREACHABLE') return translated;
    throw translated;
  } finally {
    client.destroy();
  }
}
