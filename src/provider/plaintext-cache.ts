import { randomUUID } from 'node:crypto';
import type { Fingerprint } from '../domain/fingerprint';
import { keyResource, type KeyReference } from '../domain/identifiers';
import { assertDistinct, type ListPlace } from '../domain/listed-material';
import type { Material } from '../material/material';
import type { SourceReference } from '../material/sources';
import type { DeclaredMaterial } from '../material/source-schema';
import { canonical } from './protocol';

// Of this process alone, so that the fingerprints of it say nothing elsewhere.
const NO_KEY: KeyReference = { id: randomUUID() };

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

  readonly #lists = new Map<string, Map<number, Fingerprint>>();

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

  /**
   * Compares material with the others of its list while their key does not exist yet, so that nothing
   * identifies them within it.
   *
   * @throws {@link ByokError} `MATERIAL_REPEATED`
   */
  assertNew(material: Material, list: ListPlace | undefined): void {
    if (list?.of === undefined || list.place === undefined) return;
    const places = this.#lists.get(list.of) ?? new Map<number, Fingerprint>();
    const found = material.fingerprint(NO_KEY);
    const [same] =
      [...places].find(([place, other]) => place !== list.place && other === found) ?? [];
    assertDistinct(list.place, same);
    this.#lists.set(list.of, places.set(list.place, found));
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
