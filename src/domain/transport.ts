/** The possible values of `connection.transport`. */
export const TRANSPORTS = ['post-quantum'] as const;

/**
 * The key exchange that a connection requires.
 *
 * @useDeclaredType
 */
export type Transport = (typeof TRANSPORTS)[number];
