import { randomBytes } from 'node:crypto';
import type { RecordedCall } from './call-log';
import { isAccountId } from './caller';
import { systemClock } from './clock';
import type { FaultRule } from './faults';
import { ImportTokens } from './import-token';
import type { KmsOptions } from './options';
import { listen } from './server';
import { Service } from './service';
import { Store } from './store';
import { WrappingKeys } from './wrapping-keys';

/** A running embedded KMS. */
export interface Kms {
  /** The endpoint for AWS clients of KMS and STS. */
  readonly url: string;
  readonly port: number;
  /** The calls so far, in the order in which they ended; the newest 10,000 are kept. */
  readonly calls: readonly RecordedCall[];
  clearCalls(): void;
  /** Makes calls go wrong from now on. */
  inject(rule: FaultRule): void;
  clearFaults(): void;
  /** Cuts what is open and frees the port. All keys are gone. Safe to call again. */
  close(): Promise<void>;
}

const DEFAULT_ACCOUNT_ID = '111122223333'; // AWS's own example account
const DEFAULT_ROTATION_SECONDS = 60; // kms.md 1.8: 61 to 66 s on AWS

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
 * @throws TypeError when an option is malformed; the error of node:net when it cannot listen.
 */
export async function startKms(options: KmsOptions = {}): Promise<Kms> {
  const { clock = systemClock, random = randomBytes, host = '127.0.0.1' } = options;
  const { accountId = DEFAULT_ACCOUNT_ID, rotationSeconds = DEFAULT_ROTATION_SECONDS } = options;
  if (!isAccountId(accountId)) throw new TypeError('accountId must be 12 digits');
  if (!(rotationSeconds >= 0)) throw new TypeError('rotationSeconds must not be negative');

  const service = new Service({
    store: new Store(() => clock.now().getTime(), random),
    tokens: new ImportTokens(random),
    wrappingKeys,
    accountId,
    rotationMilliseconds: rotationSeconds * 1000,
    onCall: options.onCall,
  });
  const listener = await listen(service, host, options.port ?? 0);
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
    close: () => (closing ??= listener.close()),
  };
}

/** A host as a client on this machine writes it: wildcard addresses are no place to connect to. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
