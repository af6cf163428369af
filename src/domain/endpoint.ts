import { assert } from '../errors';

/** What of a URL decides whether key material may go there. `protocol` ends in a colon, as in `URL`. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** Whether a host name, as `URL` and the AWS SDK give it, is that of this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Refuses an endpoint in clear on another machine: whoever stands between could hand out a wrapping key
 * of their own and receive the material.
 *
 * @param endpoint - undefined where a text is no URL
 * @throws {@link ByokError} `ENDPOINT_INSECURE`
 */
export function assertSecureEndpoint(endpoint: Endpoint | undefined): void {
  const isEncrypted = endpoint?.protocol === 'https:';
  const isLocal = endpoint?.protocol === 'http:' && isLoopback(endpoint.hostname);
  assert(
    (isEncrypted || isLocal) && !endpoint.username && !endpoint.password,
    'ENDPOINT_INSECURE',
    'an endpoint is an https URL, or an http URL of this machine (localhost), without a user name: key material goes there. It can come from connection.endpoint, aws:endpoints, --endpoint-url, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>, or endpoint_url in the AWS configuration file',
  );
}
