import { createDecipheriv } from 'node:crypto';

const ALTERNATIVE_IV = Buffer.from('A65959A6', 'hex'); // RFC 5649 §3; OpenSSL adds the length

/**
 * AES Key Unwrap with Padding (RFC 5649 §4.2).
 *
 * @throws the error of node:crypto when the key does not open the bytes.
 */
export function unwrapWithPadding(kek: Buffer, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv(`id-aes${kek.length * 8}-wrap-pad`, kek, ALTERNATIVE_IV);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}
