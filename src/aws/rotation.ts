import {
  GetKeyRotationStatusCommand,
  RotateKeyOnDemandCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { ByokError } from '../errors';
import { createClient } from './client';
import type { KmsConnection } from './connection';

/**
 * Returns whether an on-demand rotation is in progress. KMS shows its start date only until it completes (AWS
 * KMS API Reference, GetKeyRotationStatus).
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function isRotating(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const answer = await client.send(new GetKeyRotationStatusCommand({ KeyId: keyId }), {
    abortSignal,
  });
  return answer.OnDemandRotationStartDate !== undefined;
}

// Errors after which the rotation may have begun, or a further request may succeed.
const UNCERTAIN_NAMES = [
  'ConflictException',
  'DependencyTimeoutException',
  'KMSInternalException',
  'ThrottlingException',
];

/**
 * Requests the rotation to the staged material, in one attempt. A request whose response is lost may have begun
 * the rotation, so the caller observes the key before it requests again.
 *
 * @returns undefined if KMS accepted the request; the error if KMS may have accepted it, or may accept the next
 * @throws {@link ByokError} `ROTATION_LIMIT`, `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function rotateKeyOnDemand(
  connection: KmsConnection,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<ByokError | undefined> {
  const client = createClient({ ...connection, maxAttempts: 1 });
  try {
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }), { abortSignal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ByokError)) throw error;
    const { code, reason, cause } = error;
    const { name = '' } = (cause ?? {}) as Partial<Error>;
    if (name === 'LimitExceededException') throw new ByokError('ROTATION_LIMIT', reason, { cause });
    if (UNCERTAIN_NAMES.includes(name) || code === 'KMS_UNREACHABLE') return error;
    throw error;
  } finally {
    client.destroy();
  }
}
