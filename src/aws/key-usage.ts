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
  // A number has no members either, and does not say that the key was never used.
  const isUnused =
    typeof last === 'object' && Object.values(last).every((member) => member === undefined);
  assert(
    isDate(trackedSince) && isDate(keyCreatedAt) && (isUnused || isDate(at)),
    'KMS_UNSUPPORTED',
    `the answer to GetKeyLastUsage lacks a date; ${NOT_KMS}`,
  );
  assert(
    at === undefined || at.getTime() >= keyCreatedAt.getTime() - PRECISION_MILLISECONDS,
    'KMS_UNSUPPORTED',
    `the answer to GetKeyLastUsage has a last use before the creation of the key; ${NOT_KMS}`,
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

// Each date may be in whole seconds.
const PRECISION_MILLISECONDS = 1_000;

// Later years have more than four digits, and no clock of KMS shows them.
const LAST_YEAR = 9_999;

function isDate(value: Date | undefined): value is Date {
  // An invalid date has no year, so it is not later either.
  return value !== undefined && value.getUTCFullYear() <= LAST_YEAR;
}
