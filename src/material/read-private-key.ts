import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { assert, ByokError } from '../errors';
import { foreignKeyFile } from './foreign-key-file';
import { hintOf, lookalikeOf } from './lookalike';
import { hasOldCipher } from './old-cipher';
import { readVersion2 } from './pkcs8-version-2';
import { isJwk, isPem, startsAsDer, startsAsJson } from './text';
import { privateKeyObject } from './private-key-object';

const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

/**
 * Reads a private key in one of the formats of `normalisePrivateKey`, without a byte order mark.
 *
 * @throws {@link ByokError} `MATERIAL_KEY_FORMAT`, `MATERIAL_PASSPHRASE`
 */
export function readPrivateKey(content: Buffer, passphrase: Buffer | undefined): KeyObject {
  if (startsAsJson(content)) return readJwk(content);
  const asPem = isPem(content);
  // OpenSSL needs a millisecond to refuse, and a stack may have thousands of secrets.
  if (!asPem && !startsAsDer(content)) throw unreadable(content);
  assert(
    !asPem || !hasSeveralKeys(content),
    'MATERIAL_KEY_FORMAT',
    'material is PEM with several private keys, and OpenSSL would take the first: give only the one that is meant',
  );
  const secret = passphrase === undefined ? {} : { passphrase };
  const attempts = asPem
    ? [() => privateKeyObject({ key: content, format: 'pem', ...secret })]
    : (['pkcs8', 'sec1', 'pkcs1'] as const).map(
        (type) => () => privateKeyObject({ key: content, format: 'der', type, ...secret }),
      );
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // Try the next format.
    }
  }
  const version2 = readVersion2(content, asPem);
  if (version2 !== undefined) return version2;
  // The layout of PEM comes first: no passphrase opens what cannot be read.
  const isEncrypted = asPem ? ENCRYPTED.test(content.toString('latin1')) : isEncryptedDer(content);
  if (isEncrypted && foreignKeyFile(content) === undefined) {
    assert(
      !hasOldCipher(content, asPem),
      'MATERIAL_PASSPHRASE',
      'material is a private key that is encrypted by DES, RC2 or RC4, which OpenSSL 3 has only on request: encrypt it again (openssl pkcs8 -topk8 -provider legacy -provider default -in key.pem -out new.pem)',
    );
    throw new ByokError(
      'MATERIAL_PASSPHRASE',
      passphrase === undefined
        ? 'material is an encrypted private key: give material.passphrase'
        : 'material.passphrase does not open the private key, or the key is damaged',
    );
  }
  throw unreadable(content);
}

// Searches the bytes, because a string of them could not be erased. A key has this in its first and its last line.
function hasSeveralKeys(content: Buffer): boolean {
  const end = 'PRIVATE KEY-----';
  let lines = 0;
  for (let at = content.indexOf(end); at >= 0; at = content.indexOf(end, at + 1)) lines += 1;
  return lines > 2;
}

// Tries without a passphrase: one wrong passphrase in 200 gives bytes with valid padding, and an error
// that does not mention passphrases. An error may quote what was read, so only its code is used.
function isEncryptedDer(content: Buffer): boolean {
  try {
    privateKeyObject({ key: content, format: 'der', type: 'pkcs8' });
    return false;
  } catch (error) {
    return (error as { readonly code?: string }).code === 'ERR_MISSING_PASSPHRASE';
  }
}

function readJwk(content: Buffer): KeyObject {
  let jwk: JsonWebKey;
  let key: KeyObject;
  try {
    jwk = JSON.parse(content.toString('utf8')) as JsonWebKey;
    key = privateKeyObject({ key: jwk, format: 'jwk' });
  } catch {
    assert(
      !isJwk(content) || foreignKeyFile(content) !== undefined,
      'MATERIAL_KEY_FORMAT',
      'material is a JWK that is damaged or lacks a member: an EC key has crv, d, x and y, an Ed25519 key crv, d and x, and an RSA key n, e, d, p, q, dp, dq and qi, so export the key again',
    );
    throw unreadable(content);
  }
  // Node.js does not look at the public part of an Ed25519 key.
  assert(
    jwk.kty !== 'OKP' || createPublicKey(key).export({ format: 'jwk' }).x === jwk.x,
    'MATERIAL_KEY_FORMAT',
    'material is a JWK whose x does not belong to its d, so it is damaged or put together from two keys: export the key again',
  );
  return key;
}

function unreadable(content: Buffer): ByokError {
  return new ByokError(
    'MATERIAL_KEY_FORMAT',
    `material is not a private key that can be read: PKCS#8, PKCS#1 or SEC1 in PEM or DER, or a private JWK is expected${hintOf(lookalikeOf(content, undefined))}`,
  );
}
