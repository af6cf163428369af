import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { ByokError, assert } from '../errors';

/**
 * The hybrid key exchanges with ML-KEM (draft-ietf-tls-ecdhe-mlkem), the usual one first. OpenSSL has them since
 * version 3.5.
 */
const HYBRID_GROUPS = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'];

/**
 * Settings with which a TLS client offers nothing but hybrid key exchange, so a handshake without it fails before the
 * first byte of a request. Before TLS 1.3 there are key exchanges that the list does not limit.
 */
export const HYBRID_TLS = { ecdhCurve: HYBRID_GROUPS.join(':'), minVersion: 'TLSv1.3' } as const;

/** Returns whether the OpenSSL of this process has hybrid key exchange. */
export function hasHybridKeyExchange(): boolean {
  try {
    createSecureContext(HYBRID_TLS);
    return true;
  } catch {
    randomBytes(1); // takes the error out of the queue of OpenSSL, where another call would find it
    return false;
  }
}

/**
 * Refuses a connection that cannot be post-quantum, before it is opened.
 *
 * @throws {@link ByokError} `TRANSPORT_NOT_POST_QUANTUM`
 */
export function assertCanBePostQuantum(protocol: string, host: string): void {
  assert(
    hasHybridKeyExchange(),
    'TRANSPORT_NOT_POST_QUANTUM',
    `connection.transport is post-quantum, and this Node.js ${process.versions.node} with OpenSSL ${process.versions.openssl} has no hybrid ML-KEM key exchange, so nothing was sent: run a Node.js with OpenSSL 3.5 or later, such as Node.js 22.20 or 24.5`,
  );
  assert(
    protocol === 'https:',
    'TRANSPORT_NOT_POST_QUANTUM',
    `connection.transport is post-quantum, and the endpoint ${host} is not https, so nothing was sent: leave transport out for an emulator`,
  );
}

/** Makes an agent that opens only connections with hybrid key exchange. */
export function hybridAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 50, ...HYBRID_TLS });
}

/** Returns the error for a handshake that failed because only hybrid key exchange was offered; otherwise undefined. */
export function refusedHandshake(error: unknown, host: string): ByokError | undefined {
  const { code = '' } = error as { readonly code?: string };
  if (!HANDSHAKE_FAILURES.test(code)) return undefined;
  return new ByokError(
    'TRANSPORT_NOT_POST_QUANTUM',
    `connection.transport is post-quantum, and ${host}, or a proxy that ends TLS before it, does not agree to hybrid ML-KEM key exchange (${code}), so nothing was sent: use an endpoint that has it, let the proxy pass TLS through, or leave transport out`,
    { cause: error },
  );
}

// The alerts handshake_failure, protocol_version, illegal_parameter and internal_error (RFC 8446 section 6.2), and
// answers of a server that OpenSSL itself refuses.
const HANDSHAKE_FAILURES =
  /^(?:EPROTO|ERR_SSL_(?:.*ALERT_(?:HANDSHAKE_FAILURE|PROTOCOL_VERSION|ILLEGAL_PARAMETER|INTERNAL_ERROR|INSUFFICIENT_SECURITY)|UNSUPPORTED_PROTOCOL|BAD_KEY_SHARE|NO_SUITABLE_KEY_SHARE|WRONG_CURVE|NO_SUITABLE_GROUPS))$/;

/**
 * Returns the key exchange of a TLS connection, as far as the runtime names it.
 *
 * @param isHybrid - whether the connection offered only hybrid key exchange, which versions of Node.js do not name
 * @returns the name of a group, or `hybrid ML-KEM`; undefined if it is not known
 */
export function keyExchangeOf(socket: TLSSocket, isHybrid: boolean): string | undefined {
  const { name } = (socket.getEphemeralKeyInfo() ?? {}) as { readonly name?: unknown };
  if (typeof name === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(name)) return name;
  return isHybrid ? 'hybrid ML-KEM' : undefined;
}
