import { randomUUID } from 'node:crypto';
import type { KeyRecord, UsageRecord } from '../state/records';
import type { Context } from './context';
import { parseKmsArn } from './key-arn';
import type { Output, OutputValue } from './output';

/** The operations that are usage (the service model, KeyLastUsageTrackingOperation). */
const TRACKED: ReadonlySet<string> = new Set([
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'ReEncrypt',
  'Sign',
  'Verify',
  'VerifyMac',
]);

/** A call that was answered. */
interface AnsweredCall {
  readonly operation: string;
  readonly output: Output;
  readonly requestId: string;
}

/** Records the usage of the keys that a call names in its answer: ReEncrypt has two (API reference). */
export function recordUsage(
  context: Context,
  { operation, output, requestId }: AnsweredCall,
): void {
  const { store, now, usageTrackingStart, usageLagMilliseconds } = context;
  if (!TRACKED.has(operation) || now < usageTrackingStart) return;
  for (const arn of new Set([output.KeyId, output.SourceKeyId])) {
    const key = keyWithArn(store, arn);
    if (key === undefined) continue;
    const pending = { operation, at: now, eventId: randomUUID(), requestId };
    const { shown, visibleAt = Infinity } = settled(key, now);
    key.usage = { shown, pending, visibleAt: Math.min(visibleAt, now + usageLagMilliseconds) };
  }
}

/** Returns the last usage that KMS shows at an instant. */
export function lastUsage(key: KeyRecord, now: number): UsageRecord | undefined {
  return settled(key, now).shown;
}

/**
 * Usage that waits is shown when the lag since the first of it is over. So usage is shown within that time,
 * and nothing but the newest has to be kept. The clock may have been set back since the first.
 */
function settled({ usage = {} }: KeyRecord, now: number): NonNullable<KeyRecord['usage']> {
  const isDue = usage.visibleAt !== undefined && usage.visibleAt <= now;
  return isDue ? { shown: usage.pending } : usage;
}

function keyWithArn(store: Context['store'], arn: OutputValue): KeyRecord | undefined {
  const parts = typeof arn === 'string' ? parseKmsArn(arn) : undefined;
  return parts && store.keys(parts.accountId, parts.region).get(parts.name);
}
