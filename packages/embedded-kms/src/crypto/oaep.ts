import { webcrypto } from 'node:crypto';

/** A hash of RSA-OAEP, for its label and for MGF1 alike. */
export type OaepHash = 'SHA-1' | 'SHA-256';

const { subtle } = webcrypto;

/**
 * Decrypts an RSA-OAEP ciphertext with an empty label. Uses Web Crypto, which works in OpenSSL's threads:
 * `privateDecrypt` would block all other requests for milliseconds.
 *
 * @throws an error of Web Crypto when the key does not open the bytes.
 */
export async function openOaep(
  key: webcrypto.JsonWebKey,
  hash: OaepHash,
  sealed: Buffer,
): Promise<Buffer> {
  // Web Crypto ties a key to a hash. Each key is used for one import, so it is not worth keeping.
  const algorithm = { name: 'RSA-OAEP', hash };
  const webKey = await subtle.importKey('jwk', key, algorithm, false, ['decrypt']);
  return Buffer.from(await subtle.decrypt('RSA-OAEP', webKey, sealed));
}
