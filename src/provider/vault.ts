import type { Fingerprint } from '../domain/fingerprint';
import type { Material } from '../material/material';

/**
 * Keeps inline material between `check` and the `create` or `update` of the same update, which run
 * in one process: what `check` returns stands in state, so the bytes must not. Two resources may
 * hold one material, and `check` runs twice for a replacement, so deposits are counted.
 */
export class Vault {
  readonly #held = new Map<Fingerprint, { readonly material: Material; deposits: number }>();

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

  /** Erases all that is still held, at the end of the process. */
  clear(): void {
    for (const { material } of this.#held.values()) material.close();
    this.#held.clear();
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
}
