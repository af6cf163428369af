import { createPrivateKey, type JsonWebKey, type KeyObject, createPublicKey } from 'node:crypto';
import { ByokError, assert } from '../errors';
import { fingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { materialKind, type ImportableKeySpec } from '../domain/key-specs';
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

// Object identifiers of the named curves that KMS imports (RFC 5480 section 2.1.1.1, SEC 2).
const CURVE_OIDS: Readonly<Record<string, string>> = {
  prime256v1: '06082a8648ce3d030107',
  secp384r1: '06052b81040022',
  secp521r1: '06052b81040023',
  secp256k1: '06052b8104000a',
};

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
    const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
    if (type.type === 'rsa') {
      assert(
        hasTwoPrimes(key),
        'MATERIAL_KEY_FORMAT',
        'material is an RSA key of more than two primes, which KMS does not import: give another key',
      );
    }
    if (type.type === 'ec') {
      // OpenSSL accepts explicit curve parameters and keeps them, but KMS refuses them.
      const oid = Buffer.from(CURVE_OIDS[type.curve] ?? '', 'hex');
      assert(
        oid.length > 0 && pkcs8.includes(oid),
        'MATERIAL_KEY_FORMAT',
        'material is an EC key with explicit curve parameters, and KMS imports only named curves: convert it (openssl ec -param_enc named_curve)',
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
  try {
    const key = JSON.parse(content.toString('utf8')) as JsonWebKey;
    return createPrivateKey({ key, format: 'jwk' });
  } catch {
    throw unreadable();
  }
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

  /** Takes ownership of the bytes. */
  constructor({ type, pkcs8 }: NormalisedKey) {
    this.#type = type;
    this.#pkcs8 = new SecretBytes(pkcs8);
  }

  fingerprint(key: KeyReference): Fingerprint {
    return this.#pkcs8.expose((bytes) => fingerprint(key, bytes));
  }

  assertFits(keySpec: ImportableKeySpec): void {
    const expected = materialKind(keySpec);
    const fits =
      (this.#type.type === 'rsa' &&
        expected.kind === 'rsa' &&
        this.#type.modulusLength === expected.modulusLength) ||
      (this.#type.type === 'ec' && expected.kind === 'ec' && this.#type.curve === expected.curve) ||
      (this.#type.type === 'ed25519' && expected.kind === 'ed25519');
    assert(
      fits,
      'MATERIAL_KEY_TYPE',
      `material is ${nameOf(this.#type)}, but the key spec is ${keySpec}: give material of that key spec, or use another key`,
    );
  }

  wrapFor(key: WrappingPublicKey, random: RandomBytes): Buffer {
    return this.#pkcs8.expose((bytes) => wrap(bytes, key, random));
  }

  publicKey(): Buffer {
    return this.#pkcs8.expose((bytes) => {
      // A Buffer over the same memory, not a copy of it.
      const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
      return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    });
  }

  close(): void {
    this.#pkcs8.erase();
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
