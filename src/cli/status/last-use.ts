import { toWholeSeconds } from '../../domain/expiry';
import type { UsageRecord } from '../../domain/key-usage';
import { readFact, type ReadableKey } from './read-keys';

/** The last cryptographic use of a key, as KMS shows it: up to an hour late. Instants are RFC 3339. */
export type LastUse =
  | {
      readonly state: 'used';
      readonly at: string;
      readonly operation: string;
      /** ID of the event in CloudTrail. */
      readonly eventId?: string | undefined;
    }
  /** KMS has recorded no use since then. The key is older than the records, unless `isWholeLife`. */
  | { readonly state: 'none'; readonly since: string; readonly isWholeLife: boolean }
  | { readonly state: 'unknown'; readonly error: string };

/** Returns the last use that a record shows. */
function lastUseIn({ lastUse, trackedSince, keyCreatedAt }: UsageRecord): LastUse {
  if (lastUse !== undefined) {
    const { operation, at, eventId } = lastUse;
    return { state: 'used', at: toWholeSeconds(at), operation, eventId };
  }
  return {
    state: 'none',
    since: toWholeSeconds(trackedSince),
    isWholeLife: keyCreatedAt.getTime() >= trackedSince.getTime(),
  };
}

/** Reads the last use of a key. */
export async function lastUseOf({ key, inventory, signal }: ReadableKey): Promise<LastUse> {
  const read = await readFact(() => inventory.getKeyUsage(key.keyArn, signal));
  return 'fact' in read ? lastUseIn(read.fact) : { state: 'unknown', error: read.error };
}

/** Returns the last use as a cell of a table. */
export function lastUseCell(lastUse: LastUse | undefined): string {
  switch (lastUse?.state) {
    case 'used':
      return lastUse.at.slice(0, 10);
    case 'none':
      return lastUse.isWholeLife ? 'never' : 'none known';
    case 'unknown':
      return 'unknown';
    case undefined:
      return '-';
  }
}

/** Returns everything about the last use, as one line. */
export function lastUseText(lastUse: LastUse): string {
  switch (lastUse.state) {
    case 'used': {
      const event = lastUse.eventId === undefined ? '' : `, CloudTrail event ${lastUse.eventId}`;
      return `${lastUse.at}, ${lastUse.operation}${event}`;
    }
    case 'none':
      return lastUse.isWholeLife
        ? `none since its creation, ${lastUse.since}`
        : `none since ${lastUse.since}, when KMS began to record uses`;
    case 'unknown':
      return `unknown: ${lastUse.error}`;
  }
}
