import { hostNameOf, isLoopbackName } from './hosts';
import type { KmsRequest } from './protocol';

/**
 * Whether a request comes from a program on this machine. Names in `allowHosts` do not count, and web pages are
 * recognized by their Origin header.
 *
 * @param remoteAddress - the address of the client
 */
export function isLocal({ headers }: KmsRequest, remoteAddress: string | undefined): boolean {
  const fromLoopback = /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/.test(remoteAddress ?? '');
  const forLoopback = isLoopbackName(hostNameOf(headers.host));
  return fromLoopback && forLoopback && headers.origin === undefined;
}
