import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';

/**
 * Does what `createPrivateKey` of `node:crypto` does, no matter which call failed before. Node.js reads the oldest
 * error in the queue of OpenSSL to decide whether a key was read, and some calls leave one there: a TLS context with a
 * group that OpenSSL does not have is one. So a sound key is refused once.
 */
export function privateKeyObject(key: Parameters<typeof createPrivateKey>[0]): KeyObject {
  randomBytes(1); // empties the queue
  return createPrivateKey(key);
}
