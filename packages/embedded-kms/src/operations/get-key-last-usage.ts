import { findKey } from '../keys/find-key';
import { lastUsage } from '../keys/last-usage';
import { KEY_ID } from './shared/common-shapes';
import { operation } from './shared/operation';

/**
 * GetKeyLastUsage: the last successful cryptographic operation with a key, in its own Region. Every state of
 * the key allows it: inferred.
 */
export const getKeyLastUsage = operation({
  types: { KeyId: KEY_ID },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'GetKeyLastUsage');
    const usage = lastUsage(key, context.now);
    return {
      KeyId: key.id,
      KeyLastUsage:
        usage === undefined
          ? {}
          : {
              Operation: usage.operation,
              Timestamp: new Date(usage.at),
              CloudTrailEventId: usage.eventId,
              KmsRequestId: usage.requestId,
            },
      TrackingStartDate: new Date(Math.max(context.usageTrackingStart, key.createdAt)),
      KeyCreationDate: new Date(key.createdAt),
    };
  },
});
