import {
  GetKeyRotationStatusCommand,
  RotateKeyOnDemandCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { ByokError } from '../errors';
import { createClient } from './client';
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
  const answer = await client.send(new GetKeyRotationStatusCommand({ KeyId: keyId }), {
    abortSignal,
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
