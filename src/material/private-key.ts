import { createPublicKey } from 'node:crypto';
import { assert } from '../errors';
import type { CheckValue } from '../domain/check-value';
import { publicKeyFingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import {
  IMPORTABLE_KEY_SPECS,
  materialKind,
  type ImportableKeySpec,
  type MaterialKind,
} from '../domain/key-specs';
import { publicKeyCheckValue } from './check-value';
import { normalisePrivateKey, type PrivateKeyType } from './normalise-private-key';
import { privateKeyObject } from './private-key-object';
import { wrap, type WrappingPublicKey } from './wrap';
import type { PublicKeyProof } from './material-proof';
import type { Material, WrapContext } from './material';
import { SecretBytes } from './secret-material';

/** An RSA, EC or Ed25519 private key whose bytes are in this process. */
export class PrivateKeyMaterial implements Material, PublicKeyProof {
  readonly #type: PrivateKeyType;
  readonly #pkcs8: SecretBytes;
  readonly #publicKey: Buffer;

  /** As {@link normalisePrivateKey}, with its errors. */
  constructor(content: Buffer, passphrase?: Buffer) {
    const { type, pkcs8 } = normalisePrivateKey(content, passphrase);
    this.#type = type;
    const privateKey = privateKeyObject({ key: pkcs8, format: 'der', type: 'pkcs8' });
    this.#publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    this.#pkcs8 = new SecretBytes(pkcs8);
  }

  fingerprint(key: KeyReference): Promise<Fingerprint> {
    return Promise.resolve(publicKeyFingerprint(key, this.publicKey()));
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

  wrapFor(key: WrappingPublicKey, { random }: WrapContext): Promise<Buffer> {
    return Promise.resolve(this.#pkcs8.expose((bytes) => wrap(bytes, key, random)));
  }

  checkValue(): Promise<CheckValue> {
    return Promise.resolve(publicKeyCheckValue(this.#publicKey));
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
