import { GetKeyLastUsageCommand, type KMSClient } from '@aws-sdk/client-kms';
import { parseKeyReference } from '../domain/identifiers';
import type { UsageRecord } from '../domain/key-usage';
import { requestIdText, serviceName } from '../domain/service-text';
import { assert } from '../errors';
import { NOT_KMS } from './unsupported';

/**
 * Reads the last cryptographic use of a key in its Region.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KEY_MISMATCH`, `KMS_*`, `TIMEOUT`
 */
export async function getKeyUsage(
  client: KMSClient,
  keyArn: string,
  abortSignal: AbortSignal,
): Promise<UsageRecord> {
  const answer = await client.send(new GetKeyLastUsageCommand({ KeyId: keyArn }), { abortSignal });
  const { KeyId: keyId = '', KeyLastUsage: last = {} } = answer;
  const { TrackingStartDate: trackedSince, KeyCreationDate: keyCreatedAt } = answer;
  assert(
    // AWS answers with the ID, not the ARN.
    keyId === keyArn || keyId === parseKeyReference(keyArn).id,
    'KEY_MISMATCH',
    'the endpoint answered GetKeyLastUsage with another key than the requested one: check the endpoint',
  );
  const { Operation: operation, Timestamp: at, CloudTrailEventId: eventId } = last;
  const isUnused = Object.values(last).every((member) => member === undefined);
  assert(
    isDate(trackedSince) && isDate(keyCreatedAt) && (isUnused || isDate(at)),
    'KMS_UNSUPPORTED',
    `the answer to GetKeyLastUsage lacks a date; ${NOT_KMS}`,
  );
  return {
    trackedSince,
    keyCreatedAt,
    ...(isDate(at)
      ? {
          lastUse: {
            operation: serviceName(operation) ?? 'an operation without a name',
            at,
            // A UUID, as a request ID is.
            eventId: requestIdText(eventId),
          },
        }
      : {}),
  };
}

function isDate(value: Date | undefined): value is Date {
  return value !== undefined && !Number.isNaN(value.getTime());
}
