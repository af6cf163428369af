import { WrappingKeys } from '../crypto/wrapping-keys';
import type { Store } from '../state/store';
import type { Surroundings } from './context';
import { ImportTokens } from './import-token';

/** How long things take, in seconds. Each is an option of `startKms`. */
interface Delays {
  readonly rotationSeconds?: number;
  readonly replicationSeconds?: number;
  readonly propagationSeconds?: number;
  readonly usageLagSeconds?: number;
}

const DEFAULTS: Required<Delays> = {
  rotationSeconds: 60, // 61 to 66 s were recorded on AWS
  replicationSeconds: 5, // Developer Guide: "a few seconds"
  propagationSeconds: 0,
  usageLagSeconds: 3600, // Developer Guide: up to an hour
};

// Inferred: AWS released GetKeyLastUsage in this week, and does not state when it began to record.
const USAGE_TRACKING_START = Date.UTC(2026, 3, 27);

/**
 * Shared by all servers of a process. A wrapping key protects nothing here, tokens are bound to
 * their server anyway, and making a 4096-bit modulus costs more than the rest of a test.
 */
const wrappingKeys = new WrappingKeys();

/**
 * Returns the surroundings of all calls to one server.
 *
 * @throws TypeError when a delay is negative
 */
export function surroundingsOf(
  store: Store,
  { usageTrackingStart, ...delays }: Delays & { readonly usageTrackingStart?: Date },
): Surroundings {
  return {
    store,
    tokens: new ImportTokens(store.random),
    wrappingKeys,
    rotationMilliseconds: milliseconds(delays, 'rotationSeconds'),
    replicationMilliseconds: milliseconds(delays, 'replicationSeconds'),
    propagationMilliseconds: milliseconds(delays, 'propagationSeconds'),
    usageLagMilliseconds: milliseconds(delays, 'usageLagSeconds'),
    usageTrackingStart: usageTrackingStart?.getTime() ?? USAGE_TRACKING_START,
  };
}

function milliseconds(delays: Delays, name: keyof Delays): number {
  const seconds = delays[name] ?? DEFAULTS[name];
  if (!(seconds >= 0)) throw new TypeError(`${name} must not be negative`);
  return seconds * 1000;
}
