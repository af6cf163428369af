import { randomBytes } from 'node:crypto';
import type { RecordedCall } from './http/call-log';
import { Admin } from './http/admin';
import { isAccountId } from './http/caller';
import { systemClock } from './state/clock';
import type { FaultRule } from './http/faults';
import { ImportTokens } from './keys/import-token';
import type { KmsOptions } from './options';
import { Quotas } from './http/quotas';
import { plant } from './seed';
import { listen } from './http/server';
import { Service } from './http/service';
import { signatureAuthenticator } from './http/signatures';
import { readSnapshot, takeSnapshot, type KmsSnapshot } from './state/snapshot';
import { Store } from './state/store';
import { WrappingKeys } from './crypto/wrapping-keys';

/** A running embedded KMS. */
export interface EmbeddedKms {
  /** The endpoint for AWS clients of KMS and STS. */
  readonly url: string;
  readonly port: number;
  /**
   * The calls so far, in the order in which they ended. The newest 10,000 are kept, and fewer when
   * their requests have more than 32 MiB together.
   */
  readonly calls: readonly RecordedCall[];
  /** Forgets the calls so far. */
  clearCalls(): void;
  /** Makes calls go wrong from now on. */
  inject(rule: FaultRule): void;
  /** Takes back what `inject` has added. */
  clearFaults(): void;
  /** All that it remembers now, for `startKms({ state })`. It contains key material in clear. */
  snapshot(): KmsSnapshot;
  /**
   * Puts a snapshot in the place of all that it remembers. Import tokens of another server stay
   * invalid, and its clock should not be behind the snapshot's.
   *
   * @throws TypeError when it is not a snapshot of a version that is known.
   */
  restore(snapshot: KmsSnapshot): void;
  /** Cuts what is open and frees the port. All keys are gone. Safe to call again. */
  close(): Promise<void>;
}

const DEFAULT_ACCOUNT_ID = '111122223333'; // AWS's own example account
const DEFAULT_ROTATION_SECONDS = 60; // 61 to 66 s were recorded on AWS
const DEFAULT_REPLICATION_SECONDS = 5; // Developer Guide: "a few seconds"

/**
 * Shared by all servers of a process. A wrapping key protects nothing here, tokens are bound to
 * their server anyway, and a 4096-bit pair costs more than all else that a test does.
 */
const wrappingKeys = new WrappingKeys();

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
 * @throws TypeError when an option is malformed; KmsError when a seed is refused; the error of
 * node:net when it cannot listen.
 */
export async function startKms(options: KmsOptions = {}): Promise<EmbeddedKms> {
  const { clock = systemClock, random = randomBytes, host = '127.0.0.1', port = 0 } = options;
  const { accountId = DEFAULT_ACCOUNT_ID, quotas, verifySignatures } = options;
  if (!isAccountId(accountId)) throw new TypeError('accountId must be 12 digits');
  const state = options.state && readSnapshot(options.state);
  const store = new Store(() => clock.now().getTime(), random, state);
  const surroundings = {
    store,
    tokens: new ImportTokens(random),
    wrappingKeys,
    rotationMilliseconds: milliseconds(options, 'rotationSeconds', DEFAULT_ROTATION_SECONDS),
    replicationMilliseconds: milliseconds(
      options,
      'replicationSeconds',
      DEFAULT_REPLICATION_SECONDS,
    ),
    propagationMilliseconds: milliseconds(options, 'propagationSeconds', 0),
  };
  const service = new Service({
    surroundings,
    accountId,
    quotas: quotas && new Quotas(quotas),
    authenticate: verifySignatures && (await signatureAuthenticator(verifySignatures)),
    onCall: options.onCall,
  });
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
  const listener = await listen(service, new Admin(service, clock), { host, port });
  let closing: Promise<void> | undefined;
  return {
    url: `http://${urlHost(host)}:${listener.port}`,
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

function milliseconds(
  options: KmsOptions,
  name: 'rotationSeconds' | 'replicationSeconds' | 'propagationSeconds',
  byDefault: number,
): number {
  const seconds = options[name] ?? byDefault;
  if (!(seconds >= 0)) throw new TypeError(`${name} must not be negative`);
  return seconds * 1000;
}

/** A host as a client on this machine writes it: wildcard addresses are no place to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
