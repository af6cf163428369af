import type { KmsState } from './records';

const FORMAT = 'embedded-kms';
const VERSION = 1;

/**
 * The whole state of an embedded KMS, as plain JSON. It contains key material and the secrets of assumed
 * roles in clear, so a file with a snapshot is a secret.
 */
export interface KmsSnapshot {
  readonly format: typeof FORMAT;
  /** The version of the format. A server refuses other versions. */
  readonly version: typeof VERSION;
  /** The time of the server's clock when the snapshot was taken, RFC 3339. */
  readonly takenAt: string;
  readonly state: unknown;
}

/** Takes a snapshot, which later changes of the state do not affect. */
export function takeSnapshot(state: KmsState, now: number): KmsSnapshot {
  return {
    format: FORMAT,
    version: VERSION,
    takenAt: new Date(now).toISOString(),
    state: encode(state),
  };
}

/**
 * Reads a snapshot.
 *
 * @throws TypeError when it is not a snapshot, or has another version. Its content is trusted, because
 * snapshots come from {@link takeSnapshot} and are not written by hand.
 */
export function readSnapshot(snapshot: KmsSnapshot): KmsState {
  // It may come from a file, so its type is not certain.
  const { format, version, state } = Object(snapshot) as Partial<
    Record<keyof KmsSnapshot, unknown>
  >;
  if (format !== FORMAT) throw new TypeError('state is not a snapshot of the embedded KMS');
  if (version !== VERSION) {
    throw new TypeError(`state must be a snapshot of version ${VERSION}`);
  }
  const decoded = decode(state) as Partial<KmsState> | undefined;
  if (!(decoded?.accounts instanceof Map && decoded.sessions instanceof Map)) {
    throw new TypeError('state is a damaged snapshot');
  }
  return { ...decoded, accounts: decoded.accounts, sessions: decoded.sessions };
}

/** JSON has no maps, so a map becomes an object with its entries. */
const MAP = '$map';

function encode(value: unknown): unknown {
  if (value instanceof Map) {
    return { [MAP]: Array.from(value as Map<unknown, unknown>, (entry) => entry.map(encode)) };
  }
  if (Array.isArray(value)) return value.map(encode);
  return mapValues(value, encode);
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value === 'object' && value !== null && MAP in value && Array.isArray(value[MAP])) {
    const entries = value[MAP] as readonly (readonly [unknown, unknown])[];
    return new Map(entries.map(([key, member]) => [key, decode(member)]));
  }
  return mapValues(value, decode);
}

function mapValues(value: unknown, change: (member: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, change(member)]));
}
