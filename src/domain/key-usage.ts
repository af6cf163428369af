import { assert } from '../errors';
import { DAY_SECONDS, parseDuration } from './duration';

/** One successful cryptographic operation with a key. */
export interface KeyUse {
  /** AWS's name of the operation, such as `Decrypt`. */
  readonly operation: string;
  readonly at: Date;
  /** ID of the event in CloudTrail. */
  readonly eventId?: string | undefined;
}

/**
 * The uses of one key in its Region, as `GetKeyLastUsage` shows them. A primary key and its replicas each have a
 * record of their own (AWS KMS API Reference, GetKeyLastUsage).
 */
export interface UsageRecord {
  /** Absent if KMS has recorded no use. */
  readonly lastUse?: KeyUse | undefined;
  /** When KMS began to record uses of the key: its creation, or later for a key that is older than the records. */
  readonly trackedSince: Date;
  readonly keyCreatedAt: Date;
}

/**
 * The longest time in seconds after which KMS shows a use of a key (AWS KMS Developer Guide,
 * monitoring-keys-determining-usage).
 */
export const USAGE_LAG_SECONDS = 3_600;

/** A hundred years. Messages have the instant at which a use is so long ago. */
const LONGEST_SECONDS = 36_500 * DAY_SECONDS;

/** The answer to whether a key was used within a time. */
export type UsageVerdict =
  | { readonly kind: 'used'; readonly use: KeyUse }
  /** KMS has recorded no use after `since`. */
  | { readonly kind: 'unused'; readonly since: Date }
  /** The records of KMS do not cover the time: they begin within it. */
  | { readonly kind: 'untracked'; readonly trackedSince: Date }
  /** The key, or the material, is so new that KMS may not show its first use yet. */
  | { readonly kind: 'too-new'; readonly since: Date };

/**
 * Reads the input `deleteUnlessUsedWithin`.
 *
 * @returns seconds
 * @throws {@link ByokError} `INPUT_INVALID`, also for a time in which KMS need not show any use yet
 */
export function guardSeconds(text: string): number {
  const seconds = parseDuration(text, 'deleteUnlessUsedWithin');
  assert(
    seconds > USAGE_LAG_SECONDS,
    'INPUT_INVALID',
    'deleteUnlessUsedWithin must be longer than 1h, because KMS may show a use of a key up to an hour late: give a time such as 30d',
  );
  assert(
    seconds <= LONGEST_SECONDS,
    'INPUT_INVALID',
    'deleteUnlessUsedWithin must be at most 36500d: give a time such as 30d, and to keep the material in any case, set deletionProtection',
  );
  return seconds;
}

/**
 * Judges whether a key was used within a time.
 *
 * A use of the last hour may be missing from the record of any key. So `unused` holds up to an hour ago; it is
 * certain only for a key that nobody could use since.
 *
 * @param now - by the clock of KMS
 * @param importedAt - when the material was imported last, if it is known
 */
export function judgeUsage(
  { lastUse, trackedSince, keyCreatedAt }: UsageRecord,
  withinSeconds: number,
  now: Date,
  importedAt?: Date,
): UsageVerdict {
  const from = now.getTime() - withinSeconds * 1000;
  if (lastUse !== undefined && lastUse.at.getTime() >= from) return { kind: 'used', use: lastUse };
  const isOlderThanRecords = keyCreatedAt.getTime() < trackedSince.getTime();
  if (lastUse === undefined && isOlderThanRecords && trackedSince.getTime() > from) {
    return { kind: 'untracked', trackedSince };
  }
  const newest = Math.max(
    ...[trackedSince, keyCreatedAt, importedAt].map((each) => each?.getTime() ?? -Infinity),
  );
  if (now.getTime() - newest < USAGE_LAG_SECONDS * 1000) {
    return { kind: 'too-new', since: new Date(newest) };
  }
  return { kind: 'unused', since: lastUse?.at ?? trackedSince };
}
