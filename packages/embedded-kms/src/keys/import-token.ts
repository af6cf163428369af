import { createCipheriv, createDecipheriv } from 'node:crypto';
import { expiredImportToken, invalidImportToken } from '../errors/kms-error';
import type { RandomBytes } from '../crypto/random';
import type { ServedWrappingAlgorithm } from '../crypto/unwrap';
import type { WrappingKeyId } from '../crypto/wrapping-keys';

/** The content of an import token, for ImportKeyMaterial. */
export interface ImportGrant {
  readonly keyArn: string;
  readonly wrappingKeyId: WrappingKeyId;
  readonly wrappingAlgorithm: ServedWrappingAlgorithm;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const IV_BYTES = 12; // SP 800-38D §8.2
const TAG_BYTES = 16;

/**
 * Makes and reads import tokens. A token is its own content, encrypted with AES-256-GCM under a key that
 * only this server has, so nothing is stored. It can be used more than once while it is valid: inferred,
 * because AWS documents a single use (Developer Guide, importing-keys-import-key-material), and no
 * recording shows that it enforces this.
 */
export class ImportTokens {
  readonly #random: RandomBytes;
  readonly #key: Buffer;

  constructor(random: RandomBytes) {
    this.#random = random;
    this.#key = random(32);
  }

  seal(grant: ImportGrant): Buffer {
    const iv = this.#random(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(grant), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /**
   * @param now - epoch milliseconds
   * @throws {@link KmsError} InvalidImportTokenException when this server did not make the token for this
   * key, ExpiredImportTokenException after 24 hours.
   */
  open(token: Buffer, keyArn: string, now: number): ImportGrant {
    const grant = this.#unseal(token);
    if (grant.keyArn !== keyArn) throw invalidImportToken();
    if (grant.expiresAt <= now) throw expiredImportToken();
    return grant;
  }

  #unseal(token: Buffer): ImportGrant {
    if (token.length <= IV_BYTES + TAG_BYTES) throw invalidImportToken();
    const decipher = createDecipheriv('aes-256-gcm', this.#key, token.subarray(0, IV_BYTES));
    decipher.setAuthTag(token.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const opened = decipher.update(token.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
      // The tag proves that this server wrote the text, so its shape is not checked.
      return JSON.parse(opened + decipher.final('utf8')) as ImportGrant;
    } catch {
      throw invalidImportToken();
    }
  }
}
