import type { Fingerprint } from '../domain/fingerprint';
import { keyResource, type KeyReference } from '../domain/identifiers';
import type { Material } from '../material/material';
import type { SourceReference } from '../material/sources';
import type { DeclaredMaterial } from '../material/source-schema';
import { canonical } from './protocol';

/**
 * Keeps inline material between `check` and the `create` or `update` of the same update, which run
 * in one process: what `check` returns stands in state, so the bytes must not. Two resources may
 * hold one material, and `check` runs twice for a replacement, so deposits are counted.
 *
 * Of a source that `check` does not read it keeps what the program declares, such as the arguments of a
 * command. That cannot be erased; it ends with the process.
 */
export class PlaintextCache {
  readonly #materials = new Map<Fingerprint, { readonly material: Material; deposits: number }>();
  readonly #sources = new Map<string, DeclaredMaterial>();

  /** Takes ownership of the material. */
  add(fingerprint: Fingerprint, material: Material): void {
    const deposited = this.#materials.get(fingerprint);
    if (deposited === undefined) {
      this.#materials.set(fingerprint, { material, deposits: 1 });
    } else {
      deposited.deposits += 1;
      material.close();
    }
  }

  /** Returns the material; the cache remains its owner. */
  get(fingerprint: Fingerprint): Material | undefined {
    return this.#materials.get(fingerprint)?.material;
  }

  /** Takes back one deposit, and erases the material with the last one. */
  release(fingerprint: Fingerprint): void {
    const deposited = this.#materials.get(fingerprint);
    if (deposited === undefined) return;
    deposited.deposits -= 1;
    if (deposited.deposits > 0) return;
    deposited.material.close();
    this.#materials.delete(fingerprint);
  }

  /** Keeps what declares a source for a key; of several deposits the last counts. */
  addSource(key: KeyReference, source: SourceReference, declared: DeclaredMaterial): void {
    this.#sources.set(nameOf(key, source), declared);
  }

  /** Lends what declares the source of a key. */
  getSource(key: KeyReference, source: SourceReference): DeclaredMaterial | undefined {
    return this.#sources.get(nameOf(key, source));
  }

  /** Erases everything. */
  clear(): void {
    for (const { material } of this.#materials.values()) material.close();
    this.#materials.clear();
    this.#sources.clear();
  }
}

function nameOf(key: KeyReference, source: SourceReference): string {
  return canonical([keyResource(key), source]);
}
