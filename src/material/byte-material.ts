import { fingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { needsMaterialLength, type ImportableKeySpec } from '../domain/key-specs';
import { wrap, type WrappingPublicKey } from '../wrap/wrap';
import type { Material } from './material';
import { SecretBytes } from './secret-bytes';

/** Material whose bytes are in this process. */
export class ByteMaterial implements Material {
  readonly #bytes: SecretBytes;

  /** Takes ownership of the bytes. */
  constructor(bytes: Buffer) {
    this.#bytes = new SecretBytes(bytes);
  }

  fingerprint(key: KeyReference): Fingerprint {
    return this.#bytes.expose((bytes) => fingerprint(key, bytes));
  }

  needsFit(keySpec: ImportableKeySpec, region: string | undefined): void {
    needsMaterialLength(this.#bytes.length, keySpec, region);
  }

  wrapFor(key: WrappingPublicKey): Buffer {
    return this.#bytes.expose((bytes) => wrap(bytes, key));
  }

  close(): void {
    this.#bytes.erase();
  }
}
