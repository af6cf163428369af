import { randomBytes } from 'node:crypto';
import type { RecordedCall } from './http/call-log';
import { isAccountId } from './http/caller';
import type { FaultRule } from './http/faults';
import { listen } from './http/server';
import { startService } from './http/service';
import { surroundingsOf } from './keys/surroundings';
import type { KmsOptions } from './options';
import { plant } from './seed';
import { systemClock } from './state/clock';
import { readSnapshot, takeSnapshot, type KmsSnapshot } from './state/snapshot';
import { Store } from './state/store';

/** A running embedded KMS. */
export interface EmbeddedKms {
  /** The endpoint for clients of KMS and STS on this machine. */
  readonly url: string;
  readonly port: number;
  /**
   * The calls so far, in the order in which they ended: the newest 10,000, or fewer if their requests
   * add up to more than 32 MiB.
   */
  readonly calls: readonly RecordedCall[];
  /** Forgets the calls so far. */
  clearCalls(): void;
  /** Makes later calls go wrong. */
  inject(rule: FaultRule): void;
  /** Removes the rules that `inject` added. */
  clearFaults(): void;
  /** Returns the whole state, for `startKms({ state })`. It contains key material in clear. */
  snapshot(): KmsSnapshot;
  /**
   * Replaces the whole state by a snapshot. Import tokens of another server stay invalid, and the clock
   * of this server should not be behind that of the snapshot.
   *
   * @throws TypeError when it is not a snapshot, or has an unknown version.
   */
  restore(snapshot: KmsSnapshot): void;
  /** Closes all connections and frees the port. All keys are lost. Safe to call again. */
  close(): Promise<void>;
}

const DEFAULT_ACCOUNT_ID = '111122223333'; // AWS's own example account

/**
 * Starts a KMS in this process: AWS JSON 1.1 for unmodified AWS clients, with real cryptography.
 *
 * @example
 * ```ts
 * import { KMSClient } from '@aws-sdk/client-kms';
 * import { startKms } from 'embedded-kms';
 *
 * const kms = await startKms();
 * const client = new KMSClient({
 *   endpoint: kms.url,
 *   region: 'eu-central-1',
 *   credentials: { accessKeyId: '111122223333', secretAccessKey: 'any' },
 * });
 * // …
 * await kms.close();
 * ```
 *
 * @throws TypeError when an option is malformed; KmsError when an operation refuses the seed; the error
 * of node:net when the server cannot listen.
 */
export async function startKms(options: KmsOptions = {}): Promise<EmbeddedKms> {
  const { clock = systemClock, random = randomBytes } = options;
  const { accountId = DEFAULT_ACCOUNT_ID, host = '127.0.0.1', port = 0, allowHosts = [] } = options;
  if (!isAccountId(accountId)) throw new TypeError('accountId must be 12 digits');
  const state = options.state === undefined ? undefined : readSnapshot(options.state);
  const store = new Store(() => clock.now().getTime(), random, state);
  const surroundings = surroundingsOf(store, options);
  const service = await startService(surroundings, accountId, options);
  if (options.seed !== undefined) {
    await plant(options.seed, (account = accountId, region) => ({
      ...surroundings,
      propagationMilliseconds: 0,
      accessKeyId: undefined,
      accountId: account,
      region,
      now: store.now(),
    }));
  }
  const listener = await listen(service, store, clock, { host, port, allowHosts });
  let closing: Promise<void> | undefined;
  return {
    url: listener.url,
    port: listener.port,
    get calls() {
      return service.log.all();
    },
    clearCalls: () => {
      service.log.clear();
    },
    inject: (rule) => {
      service.faults.add(rule);
    },
    clearFaults: () => {
      service.faults.clear();
    },
    snapshot: () => takeSnapshot(store.state, store.now()),
    restore: (snapshot) => {
      store.restore(readSnapshot(snapshot));
    },
    close: () => (closing ??= listener.close()),
  };
}
