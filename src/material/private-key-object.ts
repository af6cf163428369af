import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';

/**
 * Does what `createPrivateKey` of `node:crypto` does, no matter which call failed before. Node.js reads the oldest
 * error in the queue of OpenSSL to decide whether it could read a key, and some calls leave an error there, such as the
 * creation of a TLS context with a group that OpenSSL does not have. Node.js would then refuse a valid key.
 */
export function privateKeyObject(key: Parameters<typeof createPrivateKey>[0]): KeyObject {
  randomBytes(1); // empties the queue
  return createPrivateKey(key);
}
