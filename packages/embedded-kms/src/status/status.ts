import { isSymmetric } from '../crypto/key-specs';
import type { RecordedCall } from '../http/call-log';
import type { ArmedFault } from '../http/faults';
import { keyState } from '../keys/key-state';
import { settle } from '../keys/settle';
import { isReplica } from '../keys/synchronise';
import type { KeyRecord, MaterialRecord } from '../state/records';
import type { Store } from '../state/store';

/** The state of a server as a person wants to see it. It has no key material, and no request or answer. */
export interface Status {
  /** The time of the server's clock, RFC 3339, as all instants here. */
  readonly now: string;
  /** How many keys there are in all accounts and Regions. */
  readonly keyCount: number;
  /** The newest keys of each account and Region. */
  readonly keys: readonly KeyStatus[];
  readonly faults: readonly ArmedFault[];
  /** The last calls, newest first. */
  readonly calls: readonly Omit<RecordedCall, 'input'>[];
}

/** One key. */
export interface KeyStatus {
  readonly arn: string;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly state: string;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  readonly multiRegion?: 'PRIMARY' | 'REPLICA';
  readonly description: string;
  readonly aliases: readonly string[];
  readonly deletionAt?: string;
  readonly materials: readonly MaterialStatus[];
}

/** One key material. */
export interface MaterialStatus {
  /** As ListKeyRotations shows it, so only symmetric keys have it. */
  readonly id?: string;
  readonly state: string;
  /** Whether the key has its bytes. */
  readonly isPresent: boolean;
  readonly expiresAt?: string;
}

/** The parts of a server that its status comes from. */
export interface Observed {
  readonly store: Store;
  readonly faults: readonly ArmedFault[];
  readonly calls: readonly RecordedCall[];
}

// A page with more is of no use to a person, and would take seconds to make.
const MAX_KEYS_OF_A_REGION = 200;
const MAX_CALLS = 100;

/** Returns the status at the present. */
export function statusOf({ store, faults, calls }: Observed): Status {
  const regions = [...store.state.accounts.values()].flatMap(({ regions: all }) => [
    ...all.values(),
  ]);
  removeDeleted(store, regions);
  const newest = regions.flatMap(({ keys }) => [...keys.values()].slice(-MAX_KEYS_OF_A_REGION));
  return {
    now: new Date(store.now()).toISOString(),
    keyCount: regions.reduce((count, { keys }) => count + keys.size, 0),
    keys: newest.flatMap((key) => {
      const settled = settle(store, key);
      return settled === undefined ? [] : [keyStatus(settled)];
    }),
    faults,
    calls: calls
      .slice(-MAX_CALLS)
      .reverse()
      .map(({ input: _input, ...call }) => call),
  };
}

/** Removes the keys whose deletion is due, which otherwise happens when a call names them. */
function removeDeleted(
  store: Store,
  regions: readonly { readonly keys: ReadonlyMap<string, KeyRecord> }[],
): void {
  const doomed = regions.flatMap(({ keys }) =>
    [...keys.values()].filter(({ deletion }) => deletion !== undefined),
  );
  for (const key of doomed) settle(store, key);
}

function keyStatus(key: KeyRecord): KeyStatus {
  return {
    arn: key.arn,
    id: key.id,
    accountId: key.accountId,
    region: key.region,
    state: keyState(key),
    spec: key.keySpec,
    usage: key.keyUsage,
    origin: key.origin,
    ...(key.multiRegion && { multiRegion: isReplica(key) ? 'REPLICA' : 'PRIMARY' }),
    description: key.description,
    aliases: (key.aliases ?? []).map(({ name }) => name),
    ...(key.deletion?.at !== undefined && { deletionAt: instant(key.deletion.at) }),
    materials: key.materials.map((material) => materialStatus(key, material)),
  };
}

function materialStatus(key: KeyRecord, { id, state, bytes, validTo }: MaterialRecord) {
  return {
    // That of another key is no secret either, but AWS never shows it.
    ...(isSymmetric(key) && { id }),
    state,
    isPresent: bytes !== undefined,
    ...(validTo !== undefined && { expiresAt: instant(validTo) }),
  };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
