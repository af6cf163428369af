import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { ByokError, assert } from '../errors';
import { publicKeyFingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import {
  IMPORTABLE_KEY_SPECS,
  materialKind,
  type ImportableKeySpec,
  type MaterialKind,
} from '../domain/key-specs';
import { ecPkcs8 } from './ec-key';
import { wrap, type RandomBytes, type WrappingPublicKey } from './wrap';
import type { PublicKeyProof } from './material-proof';
import type { Material } from './material';
import { SecretBytes } from './secret-material';

/** The type of a private key. */
export type PrivateKeyType =
  | { readonly type: 'rsa'; readonly modulusLength: number }
  | { readonly type: 'ec'; readonly curve: string }
  | { readonly type: 'ed25519' };

/** A private key in the form that KMS imports. */
export interface NormalisedKey {
  readonly type: PrivateKeyType;
  /** Unencrypted PKCS#8 DER, equal for every format of the same key. */
  readonly pkcs8: Buffer;
}

const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

/** Returns whether content begins as PEM does, after white space (RFC 7468 section 3). */
export function startsAsPem(content: Buffer): boolean {
  return content.subarray(0, 64).toString('latin1').trimStart().startsWith('-----BEGIN ');
}

// Every private key in DER is an ASN.1 SEQUENCE (X.690 section 8.9).
function startsAsDer(content: Buffer): boolean {
  return content[0] === 0x30;
}

/**
 * Reads a private key in PKCS#8 (RFC 5208; also encrypted), PKCS#1 (RFC 8017), SEC1 (RFC 5915), in
 * PEM or DER, or as JWK (RFC 7517), and normalises it to the PKCS#8 DER that KMS imports. Erases the
 * content.
 *
 * @param passphrase - opens an encrypted key
 * @throws {@link ByokError} `MATERIAL_KEY_FORMAT`, `MATERIAL_PASSPHRASE`, `MATERIAL_KEY_TYPE`
 */
export function normalisePrivateKey(content: Buffer, passphrase?: Buffer): NormalisedKey {
  try {
    const key = readPrivateKey(content, passphrase);
    const type = typeOf(key);
    const pkcs8 = type.type === 'ec' ? ecPkcs8(key) : key.export({ format: 'der', type: 'pkcs8' });
    if (type.type === 'rsa') {
      assert(
        hasTwoPrimes(key),
        'MATERIAL_KEY_FORMAT',
        'material is an RSA key of more than two primes, which KMS does not import: give another key',
      );
      // The fingerprint is of the public key, so the private key has to be the one that belongs to it.
      assert(
        signsForItself(key),
        'MATERIAL_KEY_FORMAT',
        'material is an RSA key whose parts do not belong together, so the file is damaged or put together from two keys: export the key again',
      );
    }
    return { type, pkcs8 };
  } finally {
    content.fill(0);
  }
}

// RSAPrivateKey, version 0: two primes (RFC 8017 appendix A.1.2). With a modulus of 2048 bits or more,
// the version follows four octets of SEQUENCE header and two of INTEGER header.
function hasTwoPrimes(key: KeyObject): boolean {
  const pkcs1 = key.export({ format: 'der', type: 'pkcs1' });
  const version = pkcs1[6];
  pkcs1.fill(0);
  return version === 0;
}

function signsForItself(key: KeyObject): boolean {
  const message = randomBytes(32);
  try {
    return verify('sha256', message, createPublicKey(key), sign('sha256', message, key));
  } catch {
    return false;
  }
}

function readPrivateKey(content: Buffer, passphrase: Buffer | undefined): KeyObject {
  const text = content.subarray(0, 8).toString('latin1').trimStart();
  if (text.startsWith('{')) return readJwk(content);
  const isPem = startsAsPem(content);
  // OpenSSL needs a millisecond to refuse, and a stack may have thousands of secrets.
  if (!isPem && !startsAsDer(content)) throw unreadable();
  const secret = passphrase === undefined ? {} : { passphrase };
  const attempts = isPem
    ? [() => createPrivateKey({ key: content, format: 'pem', ...secret })]
    : (['pkcs8', 'sec1', 'pkcs1'] as const).map(
        (type) => () => createPrivateKey({ key: content, format: 'der', type, ...secret }),
      );
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // Try the next format.
    }
  }
  if (isPem ? ENCRYPTED.test(content.toString('latin1')) : isEncryptedDer(content)) {
    throw new ByokError(
      'MATERIAL_PASSPHRASE',
      passphrase === undefined
        ? 'material is an encrypted private key: give material.passphrase'
        : 'material.passphrase does not open the private key, or the key is damaged',
    );
  }
  throw unreadable();
}

// Tries without a passphrase: one wrong passphrase in 200 gives bytes with valid padding, and an error
// that does not mention passphrases. An error may quote what was read, so only its code is used.
function isEncryptedDer(content: Buffer): boolean {
  try {
    createPrivateKey({ key: content, format: 'der', type: 'pkcs8' });
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
    key = createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw unreadable();
  }
  // Node.js does not look at the public part of an Ed25519 key.
  assert(
    jwk.kty !== 'OKP' || createPublicKey(key).export({ format: 'jwk' }).x === jwk.x,
    'MATERIAL_KEY_FORMAT',
    'material is a JWK whose x does not belong to its d, so it is damaged or put together from two keys: export the key again',
  );
  return key;
}

function unreadable(): ByokError {
  return new ByokError(
    'MATERIAL_KEY_FORMAT',
    'material is not a private key that can be read: PKCS#8, PKCS#1 or SEC1 in PEM or DER, or a private JWK is expected',
  );
}

function typeOf(key: KeyObject): PrivateKeyType {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'rsa') {
    return { type: 'rsa', modulusLength: asymmetricKeyDetails?.modulusLength ?? 0 };
  }
  if (asymmetricKeyType === 'ec') {
    return { type: 'ec', curve: asymmetricKeyDetails?.namedCurve ?? '' };
  }
  if (asymmetricKeyType === 'ed25519') return { type: 'ed25519' };
  throw new ByokError(
    'MATERIAL_KEY_TYPE',
    `material is a private key of type ${String(asymmetricKeyType)}, which KMS does not import: RSA, EC or Ed25519 is expected`,
  );
}

/** An RSA, EC or Ed25519 private key whose bytes are in this process. */
export class PrivateKeyMaterial implements Material, PublicKeyProof {
  readonly #type: PrivateKeyType;
  readonly #pkcs8: SecretBytes;
  readonly #publicKey: Buffer;

  /** Takes ownership of the bytes. */
  constructor({ type, pkcs8 }: NormalisedKey) {
    this.#type = type;
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    this.#publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    this.#pkcs8 = new SecretBytes(pkcs8);
  }

  fingerprint(key: KeyReference): Fingerprint {
    return publicKeyFingerprint(key, this.publicKey());
  }

  assertFits(keySpec: ImportableKeySpec | undefined): void {
    const fits = (spec: ImportableKeySpec): boolean => isOf(this.#type, materialKind(spec));
    if (keySpec === undefined) {
      assert(
        IMPORTABLE_KEY_SPECS.some(fits),
        'MATERIAL_LENGTH',
        `material is ${nameOf(this.#type)}, and no key spec takes that: RSA has 2048, 3072 or 4096 bits`,
      );
      return;
    }
    assert(
      fits(keySpec),
      'MATERIAL_KEY_TYPE',
      `material is ${nameOf(this.#type)}, but the key spec is ${keySpec}: give material of that key spec, or use another key`,
    );
  }

  wrapFor(key: WrappingPublicKey, random: RandomBytes): Buffer {
    return this.#pkcs8.expose((bytes) => wrap(bytes, key, random));
  }

  publicKey(): Buffer {
    return this.#publicKey;
  }

  close(): void {
    this.#pkcs8.erase();
  }
}

function isOf(type: PrivateKeyType, kind: MaterialKind): boolean {
  switch (type.type) {
    case 'rsa':
      return kind.kind === 'rsa' && type.modulusLength === kind.modulusLength;
    case 'ec':
      return kind.kind === 'ec' && type.curve === kind.curve;
    case 'ed25519':
      return kind.kind === 'ed25519';
  }
}

function nameOf(type: PrivateKeyType): string {
  switch (type.type) {
    case 'rsa':
      return `an RSA private key of ${type.modulusLength} bits`;
    case 'ec':
      return `an EC private key on ${type.curve}`;
    case 'ed25519':
      return 'an Ed25519 private key';
  }
}
