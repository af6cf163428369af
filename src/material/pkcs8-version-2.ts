import { createPublicKey, type KeyObject } from 'node:crypto';
import { assert } from '../errors';
import { derElement, derElements, TAG } from './der';
import { privateKeyObject } from './private-key-object';
import { pemBody } from './text';

/**
 * Reads a private key in version 2 of PKCS#8 (OneAsymmetricKey, RFC 5958 section 2), which has the public key after
 * the private one. OpenSSL 3.0 reads only version 1.
 *
 * @param content - DER or PEM
 * @returns undefined for everything else
 * @throws {@link ByokError} `MATERIAL_KEY_FORMAT` for a public key that belongs to another private key
 */
export function readVersion2(content: Buffer, isPem: boolean): KeyObject | undefined {
  const der = isPem ? pemBody(content) : content;
  const [sequence, ...after] = derElements(der) ?? [];
  if (sequence?.tag !== TAG.sequence || after.length > 0) return undefined;
  const [version, algorithm, privateKey, ...rest] = derElements(sequence.content) ?? [];
  if (version?.content.equals(Buffer.of(1)) !== true) return undefined;
  if (algorithm?.tag !== TAG.sequence || privateKey?.tag !== TAG.octetString) return undefined;
  const version1 = derElement(
    TAG.sequence,
    derElement(TAG.integer, Buffer.of(0)),
    derElement(TAG.sequence, algorithm.content),
    derElement(TAG.octetString, privateKey.content),
  );
  try {
    const key = privateKeyObject({ key: version1, format: 'der', type: 'pkcs8' });
    const publicKey = rest.find(({ tag }) => tag === TAG.primitive1 || tag === TAG.constructed1);
    assert(
      publicKey === undefined || belongsTo(key, publicKey.content),
      'MATERIAL_KEY_FORMAT',
      'material is a private key whose public part belongs to another key, so the file is damaged or put together from two keys: export the key again',
    );
    return key;
  } finally {
    version1.fill(0);
    if (isPem) der.fill(0);
  }
}

// The public key is a BIT STRING under the tag [1], which replaces its own tag or, in some files, precedes it.
function belongsTo(key: KeyObject, attribute: Buffer): boolean {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const [bits] = derElements(attribute) ?? [];
  const given = bits?.tag === TAG.bitString ? bits.content : attribute;
  const [sequence] = derElements(spki) ?? [];
  const [, own] = derElements(sequence?.content ?? spki) ?? [];
  return own?.content.equals(given) === true;
}
