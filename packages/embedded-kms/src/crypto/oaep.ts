import { webcrypto } from 'node:crypto';

/** A hash of RSA-OAEP, for its label and for MGF1 alike. */
export type OaepHash = 'SHA-1' | 'SHA-256';

const { subtle } = webcrypto;

const imported: Readonly<
  Record<OaepHash, WeakMap<webcrypto.JsonWebKey, Promise<webcrypto.CryptoKey>>>
> = { 'SHA-1': new WeakMap(), 'SHA-256': new WeakMap() };

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
  return Buffer.from(await subtle.decrypt('RSA-OAEP', await webKey(key, hash), sealed));
}

/** Returns the key for Web Crypto, which ties it to a hash. Kept, because the first use of a key costs more. */
function webKey(key: webcrypto.JsonWebKey, hash: OaepHash): Promise<webcrypto.CryptoKey> {
  let pending = imported[hash].get(key);
  if (pending === undefined) {
    pending = subtle.importKey('jwk', key, { name: 'RSA-OAEP', hash }, false, ['decrypt']);
    imported[hash].set(key, pending);
  }
  return pending;
}
