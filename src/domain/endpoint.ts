import { assert } from '../errors';

/** The parts of a URL that decide whether key material may go there. `protocol` ends in a colon, as in `URL`. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** Returns whether a host name, in the form of `URL` and the AWS SDK, is that of this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Refuses an unencrypted endpoint on another machine. Anybody between could send their own wrapping key and
 * receive the material.
 *
 * @param endpoint - undefined if the text is not a URL
 * @throws {@link ByokError} `ENDPOINT_INSECURE`
 */
export function assertSecureEndpoint(endpoint: Endpoint | undefined): void {
  const isEncrypted = endpoint?.protocol === 'https:';
  const isLocal = endpoint?.protocol === 'http:' && isLoopback(endpoint.hostname);
  assert(
    (isEncrypted || isLocal) && !endpoint.username && !endpoint.password,
    'ENDPOINT_INSECURE',
    'an endpoint is an https URL, or an http URL of this machine (localhost), without a user name, because key material goes there. Correct it where it is set: connection.endpoint, aws:endpoints, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>, or endpoint_url in the AWS configuration file',
  );
}
