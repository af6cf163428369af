import type { Fingerprint } from '../domain/fingerprint';
import { keyResource, type KeyReference } from '../domain/identifiers';
import type { Material } from '../material/material';
import type { SourceReference } from '../material/source-reference';
import type { HeldMaterial } from '../material/sources';
import { canonical } from './canonical';

/**
 * Keeps inline material between `check` and the `create` or `update` of the same update, which run
 * in one process: what `check` returns stands in state, so the bytes must not. Two resources may
 * hold one material, and `check` runs twice for a replacement, so deposits are counted.
 *
 * Of a source that `check` does not read it keeps what the program alone holds, such as the arguments
 * of a command. Nothing of that can be erased; it ends with the process.
 */
export class Vault {
  readonly #held = new Map<Fingerprint, { readonly material: Material; deposits: number }>();
  readonly #sources = new Map<string, HeldMaterial>();

  /** Takes ownership of the material. */
  deposit(fingerprint: Fingerprint, material: Material): void {
    const held = this.#held.get(fingerprint);
    if (held === undefined) {
      this.#held.set(fingerprint, { material, deposits: 1 });
    } else {
      held.deposits += 1;
      material.close();
    }
  }

  /** Lends the material; the vault remains its owner. */
  lend(fingerprint: Fingerprint): Material | undefined {
    return this.#held.get(fingerprint)?.material;
  }

  /** Takes back one deposit, and erases the material with the last one. */
  release(fingerprint: Fingerprint): void {
    const held = this.#held.get(fingerprint);
    if (held === undefined) return;
    held.deposits -= 1;
    if (held.deposits > 0) return;
    held.material.close();
    this.#held.delete(fingerprint);
  }

  /** Keeps what opens a source for a key; of several deposits the last counts. */
  depositSource(key: KeyReference, source: SourceReference, held: HeldMaterial): void {
    this.#sources.set(nameOf(key, source), held);
  }

  /** Lends what opens the source of a key. */
  lendSource(key: KeyReference, source: SourceReference): HeldMaterial | undefined {
    return this.#sources.get(nameOf(key, source));
  }

  /** Erases everything. */
  clear(): void {
    for (const { material } of this.#held.values()) material.close();
    this.#held.clear();
    this.#sources.clear();
  }
}

function nameOf(key: KeyReference, source: SourceReference): string {
  return canonical([keyResource(key), source]);
}
