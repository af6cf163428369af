import {
  fingerprintPrefix,
  publicKeyFingerprint,
  tokenFingerprint,
  type Fingerprint,
} from '../../domain/fingerprint';
import type { KeyReference } from '../../domain/identifiers';
import {
  assertSecretLength,
  materialKind,
  secretLengths,
  IMPORTABLE_KEY_SPECS,
  type ImportableKeySpec,
  type WrappingAlgorithm,
} from '../../domain/key-specs';
import { assert, ByokError } from '../../errors';
import { macCheckValue, macOf, noCheckValue, publicKeyCheckValue } from '../check-value';
import type { CheckedKey, CheckValue, Material, WrapContext } from '../material';
import type { PublicKeyProof } from '../material-proof';
import { wrappingKeyParts, type WrappingPublicKey } from '../wrap';
import { assertWrappedLength } from '../wrapped-length';
import { assertNotPadded } from './padding';
import type { FoundKey, KeyPlace, OaepHash, TokenDescription } from './messages';
import type { TokenClient } from './token-client';

/** A key that a token has shown. */
export interface OpenKey extends KeyPlace {
  readonly client: TokenClient;
  readonly found: FoundKey;
  readonly description: TokenDescription;
  /** The mechanism of RFC 5649; undefined if the token has none. */
  readonly keyWrap: number | undefined;
  /** The hashes of RSA-OAEP that the token takes, the strongest first. */
  readonly oaepHashes: readonly OaepHash[];
}

const SUFFIX = { sha256: 'SHA_256', sha1: 'SHA_1' } as const satisfies Record<OaepHash, string>;

/** A symmetric or HMAC key that never leaves its token unwrapped. */
export class TokenSecret implements Material {
  readonly wrappingAlgorithms: readonly WrappingAlgorithm[];
  readonly #key: OpenKey;
  readonly #bytes: number;
  #identified: { readonly reference: KeyReference; readonly fingerprint: Fingerprint } | undefined;

  constructor(key: OpenKey, bytes: number) {
    this.#key = key;
    this.#bytes = bytes;
    this.wrappingAlgorithms = key.oaepHashes.map((hash) => `RSAES_OAEP_${SUFFIX[hash]}` as const);
  }

  /**
   * The same `v1:` fingerprint that the bytes of the key have, computed in the token. A token that does not hash keys
   * computes a check value, and the fingerprint is `v4:`.
   *
   * @throws {@link ByokError} `PKCS11_IDENTITY` if the token can compute neither
   */
  async fingerprint(reference: KeyReference): Promise<Fingerprint> {
    const fingerprint = await this.#identify(reference);
    this.#identified = { reference, fingerprint };
    return fingerprint;
  }

  async #identify(reference: KeyReference): Promise<Fingerprint> {
    const { client, token, key } = this.#key;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(this.#bytes);
    const prefix = Buffer.concat([fingerprintPrefix(reference, 'v1'), length]);
    const digest = await client.ask('digest', { token, key, prefix });
    if (digest !== undefined) return `v1:${Buffer.from(digest).toString('hex')}`;
    const value = await client.ask('checkValue', { token, key });
    assert(
      value !== undefined,
      'PKCS11_IDENTITY',
      'the token of material.pkcs11 neither hashes the key (C_DigestKey) nor computes a MAC with it, so nobody could tell it from another key: allow the key to sign (CKA_SIGN), for CKM_AES_CMAC or CKM_SHA256_HMAC',
    );
    return tokenFingerprint(reference, value);
  }

  assertFits(keySpec: ImportableKeySpec | undefined, region: string | undefined): void {
    if (keySpec !== undefined && secretLengths(keySpec, region) === undefined) {
      throw new ByokError(
        'MATERIAL_KEY_TYPE',
        `the key of material.pkcs11 is a secret key, but the key spec is ${keySpec}, which needs a private key: name another key`,
      );
    }
    const name = 'the key of material.pkcs11';
    const hint = '; name another key';
    assertSecretLength({ length: this.#bytes, name, isDeliberate: true, hint }, keySpec, region);
  }

  async wrapFor(key: WrappingPublicKey, { signal }: WrapContext): Promise<Buffer> {
    const wrapped = await wrapInToken(this.#key, key, undefined, signal);
    const before = this.#identified;
    const isSame =
      before === undefined || before.fingerprint === (await this.#identify(before.reference));
    assertNotExchanged(isSame);
    return wrapped;
  }

  /** Computed in the token. */
  async checkValue(checked: CheckedKey): Promise<CheckValue> {
    const { client, token, key, found } = this.#key;
    const mac = macOf(checked);
    const isAes = found.kind.kind === 'secret' && found.kind.type === 'aes';
    if (isAes !== (mac === 'cmac')) {
      throw noCheckValue(
        `the key of material.pkcs11 is ${isAes ? 'an AES key' : 'no AES key'}, with which its token computes another MAC`,
      );
    }
    const hash = mac === 'cmac' ? undefined : mac;
    const result = await client.ask('checkValue', { token, key, hash });
    if (result === undefined) {
      throw noCheckValue(
        'the key of material.pkcs11 may not sign in its token (CKA_SIGN), or the token lacks the mechanism',
      );
    }
    return macCheckValue(mac, result);
  }

  close(): void {
    // The login belongs to the run.
  }
}

/** A private key that never leaves its token unwrapped. */
export class TokenPrivateKey implements Material, PublicKeyProof {
  readonly wrappingAlgorithms: readonly WrappingAlgorithm[];
  readonly #key: OpenKey;
  readonly #publicKey: Buffer;

  /** @throws {@link ByokError} `PKCS11_IDENTITY` if the token does not have the public part */
  constructor(key: OpenKey) {
    const { publicKey } = key.found;
    assert(
      publicKey !== undefined,
      'PKCS11_IDENTITY',
      'the token of material.pkcs11 has no public key of this private key, so nobody could tell it from another key: put the public key beside it, with the same CKA_ID',
    );
    this.#key = key;
    this.#publicKey = Buffer.from(publicKey);
    this.wrappingAlgorithms =
      key.keyWrap === undefined
        ? []
        : key.oaepHashes.map((hash) => `RSA_AES_KEY_WRAP_${SUFFIX[hash]}` as const);
  }

  fingerprint(reference: KeyReference): Promise<Fingerprint> {
    return Promise.resolve(publicKeyFingerprint(reference, this.#publicKey));
  }

  assertFits(keySpec: ImportableKeySpec | undefined): void {
    const { kind } = this.#key.found;
    const specs = keySpec === undefined ? IMPORTABLE_KEY_SPECS : [keySpec];
    const fits = specs.some((spec) => {
      const expected = materialKind(spec);
      switch (expected.kind) {
        case 'rsa':
          return kind.kind === 'rsa' && kind.bits === expected.modulusLength;
        case 'ec':
          return kind.kind === 'ec' && kind.curve === expected.curve;
        case 'ed25519':
          return kind.kind === 'ed25519';
        case 'symmetric':
        case 'hmac':
          return false;
      }
    });
    assert(
      fits,
      'MATERIAL_KEY_TYPE',
      `the key of material.pkcs11 is ${nameOf(this.#key.found)}, which does not fit the key spec${keySpec === undefined ? ' of any key' : ` ${keySpec}`}: name another key`,
    );
    const { description, keyWrap } = this.#key;
    assertNotPadded(kind, { ...description, keyWrap });
  }

  async wrapFor(key: WrappingPublicKey, { signal }: WrapContext): Promise<Buffer> {
    const wrapped = await wrapInToken(this.#key, key, this.#key.keyWrap, signal);
    const { client, token, key: selector } = this.#key;
    const now = await client.ask('find', { token, key: selector }, signal);
    const publicKey = 'key' in now ? now.key.publicKey : undefined;
    assertNotExchanged(publicKey !== undefined && this.#publicKey.equals(publicKey));
    return wrapped;
  }

  checkValue(): Promise<CheckValue> {
    return Promise.resolve(publicKeyCheckValue(this.#publicKey));
  }

  publicKey(): Buffer {
    return this.#publicKey;
  }

  close(): void {
    // The login belongs to the run.
  }
}

// The token is asked for the key by its name each time, and somebody may have given the name to another key since its
// fingerprint was read. State would have the fingerprint of one key, and KMS the other.
function assertNotExchanged(isSame: boolean): void {
  assert(
    isSame,
    'MATERIAL_CHANGED',
    'the key of material.pkcs11 was exchanged for another while it was wrapped: nothing was imported; run the update again',
  );
}

async function wrapInToken(
  { client, token, key }: OpenKey,
  wrappingKey: WrappingPublicKey,
  keyWrap: number | undefined,
  signal: AbortSignal,
): Promise<Buffer> {
  const hash = wrappingKey.wrappingAlgorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  const parts = wrappingKeyParts(wrappingKey);
  const wrapped = await client.ask('wrap', { token, key, ...parts, hash, keyWrap }, signal);
  assertWrappedLength(
    wrapped,
    wrappingKey,
    'the token of material.pkcs11 wraps in another way than KMS unwraps, so choose another mechanism (keyWrapMechanism, oaepHash)',
  );
  return Buffer.from(wrapped);
}

function nameOf({ kind }: FoundKey): string {
  switch (kind.kind) {
    case 'rsa':
      return `an RSA private key of ${kind.bits} bits`;
    case 'ec':
      return `an EC private key on ${kind.curve}`;
    case 'ed25519':
      return 'an Edwards private key';
    case 'secret':
      return 'a secret key';
    case 'other':
      return `a key of type ${kind.type}`;
  }
}
