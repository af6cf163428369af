import { serviceName, serviceText } from '../domain/service-text';
import { ByokError } from '../errors';

/** Remedy for an endpoint that is not that of AWS KMS. */
export const NOT_KMS =
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
      : new ByokError('KMS_UNSUPPORTED', `${what}; ${NOT_KMS}`, cause);
  }
  if (NAMES.includes(name) || (STATUSES.includes(status) && name !== 'NotFoundException')) {
    const said = [serviceName(name), message === 'UnknownError' ? '' : serviceText(message)];
    return new ByokError(
      'KMS_UNSUPPORTED',
      `the endpoint does not serve ${operation} (HTTP ${status}, ${said.filter(Boolean).join(': ')}); ${NOT_KMS}`,
      cause,
    );
  }
  return undefined;
}
