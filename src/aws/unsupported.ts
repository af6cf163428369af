import type { ObservedKey } from '../domain/observation';
import { serviceName, serviceText } from '../domain/service-text';
import { ByokError } from '../errors';

const REMEDY =
  'the endpoint is not AWS KMS, or is an emulator that serves only a part of it: check the endpoint, or use embedded-kms for tests';

/** Names with which AWS and emulators refuse an operation that they do not know. */
const NAMES: readonly unknown[] = [
  'UnknownOperationException',
  'UnknownOperation',
  'NotImplementedException',
  'NotImplementedError',
  'InvalidAction',
];

/** Statuses of servers that do not know an operation. KMS answers all errors of clients with 400. */
const STATUSES: readonly unknown[] = [404, 405, 501];

/** Statuses of a proxy that has no answer of the server behind it (RFC 9110, 15.6). */
const GATEWAY_STATUSES: readonly unknown[] = [502, 503, 504];

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number };
}

/**
 * Recognizes an answer that AWS KMS never gives: an operation that is not served, or text that is not JSON. The
 * message says so in place of the error of a JSON parser.
 *
 * @returns `KMS_UNSUPPORTED`, or `KMS_UNREACHABLE` for the page of a proxy; undefined for all other errors
 */
export function unsupportedAnswer(error: unknown, operation: string): ByokError | undefined {
  const { name, message = '', $metadata } = error as Partial<Failure>;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return undefined;
  const cause = { cause: error };
  // The SDK throws the error of JSON.parse, with the metadata of the answer.
  if (name === 'SyntaxError') {
    const what = `${operation} failed: the answer is not one of KMS (HTTP ${status}, not JSON)`;
    return GATEWAY_STATUSES.includes(status)
      ? new ByokError(
          'KMS_UNREACHABLE',
          `${what}; check the proxy or the load balancer between this machine and KMS, and run it again: it finds what was already done`,
          cause,
        )
      : new ByokError('KMS_UNSUPPORTED', `${what}; ${REMEDY}`, cause);
  }
  if (NAMES.includes(name) || (STATUSES.includes(status) && name !== 'NotFoundException')) {
    const said = [serviceName(name), message === 'UnknownError' ? '' : serviceText(message)];
    return new ByokError(
      'KMS_UNSUPPORTED',
      `the endpoint does not serve ${operation} (HTTP ${status}, ${said.filter(Boolean).join(': ')}); ${REMEDY}`,
      cause,
    );
  }
  return undefined;
}

// KMS is eventually consistent, so a key may list its material a moment after it has it.
const LAG_MILLISECONDS = 30_000;

/**
 * Notices an endpoint that shows usable keys without any material, which AWS KMS never does for longer than a
 * moment (AWS KMS API Reference, ListKeyRotations and KeyMetadata). An import there would wait in vain for its
 * material until the time limit.
 */
export class MaterialListing {
  readonly #now: () => Date;
  /** By key ARN: when a usable key was first seen without material. */
  readonly #unlisted = new Map<string, number>();

  /** @param now - the clock of this machine */
  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws {@link ByokError} `KMS_UNSUPPORTED` if a usable key has shown no material for half a minute */
  check({ keyArn, keyState, origin, listsMaterials, materials }: ObservedKey): void {
    const isUsable = keyState === 'Enabled' || keyState === 'Disabled';
    if (origin !== 'EXTERNAL' || !isUsable || materials.length > 0) {
      this.#unlisted.delete(keyArn);
      return;
    }
    const now = this.#now().getTime();
    const since = this.#unlisted.get(keyArn) ?? now;
    this.#unlisted.set(keyArn, since);
    if (now - since < LAG_MILLISECONDS) return;
    throw new ByokError(
      'KMS_UNSUPPORTED',
      `the endpoint shows ${keyArn} as ${keyState}, but ${
        listsMaterials ? 'ListKeyRotations lists none' : 'DescribeKey shows nothing'
      } of its material; ${REMEDY}`,
    );
  }
}
