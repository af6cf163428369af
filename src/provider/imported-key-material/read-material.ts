import { parseKeyReference, keyResource, type KeyReference } from '../../domain/identifiers';
import { assert } from '../../errors';
import type { SourceContext } from '../../material/source';
import { openSource } from '../../material/open-source';
import { isLocal, isReadable, type SourceReference } from '../../material/sources';
import type { CheckedInputs } from './inputs';
import type { Previous } from './state';
import { assertSameMaterial, type Fingerprint } from '../../domain/fingerprint';
import { randomUUID } from 'node:crypto';
import { assertDistinct, type ListPlace } from '../../domain/listed-material';
import type { Material } from '../../material/material';
import type { DeclaredMaterial } from '../../material/source-schema';
import { canonical } from '../protocol';

/** What the reading of material reaches for. */
export interface ReadContext extends SourceContext {
  readonly plaintexts: PlaintextCache;
}

/** Material that was read, and what identifies it within the key. */
export interface OpenMaterial {
  readonly material: Material;
  readonly fingerprint: Fingerprint;
}

/** The material of one import. Its source is read when it is first needed, and once. */
export class LazyMaterial {
  #opened: OpenMaterial | undefined;
  readonly #inputs: CheckedInputs;
  readonly #required: Fingerprint | undefined;
  readonly #context: ReadContext;

  /** @param required - what the source has to hold; undefined where other bytes may come */
  constructor(inputs: CheckedInputs, required: Fingerprint | undefined, context: ReadContext) {
    this.#inputs = inputs;
    this.#required = required;
    this.#context = context;
  }

  /**
   * Reads the source, and makes sure that it holds what was previewed, or what is required.
   *
   * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_CHANGED`, `MATERIAL_DIFFERS`, `MATERIAL_*` of
   * the source
   */
  async open(): Promise<OpenMaterial> {
    return (this.#opened ??= this.#deposited() ?? (await this.#read()));
  }

  /** Erases what was read. Material of the cache stays: the cache owns it. */
  close(): void {
    const { materialFingerprint, materialSource } = this.#inputs;
    if (!isDeposited(materialSource, materialFingerprint)) this.#opened?.material.close();
  }

  #deposited(): OpenMaterial | undefined {
    const { materialFingerprint, materialSource } = this.#inputs;
    if (!isDeposited(materialSource, materialFingerprint)) return undefined;
    const material = given(this.#context.plaintexts.get(materialFingerprint));
    return { material, fingerprint: materialFingerprint };
  }

  async #read(): Promise<OpenMaterial> {
    const { keyId, materialSource, materialFingerprint: previewed } = this.#inputs;
    const key = parseKeyReference(keyId);
    const material = await openSource(
      materialSource,
      isReadable(materialSource)
        ? {}
        : given(this.#context.plaintexts.getSource(key, materialSource)),
      this.#context,
    );
    try {
      const fingerprint = material.fingerprint(key);
      assert(
        previewed === undefined || fingerprint === previewed,
        'MATERIAL_CHANGED',
        'the source of the material changed between the preview and the import: nothing was imported; run the update again',
      );
      assertSameMaterial(this.#required, fingerprint);
      return { material, fingerprint };
    } catch (error) {
      material.close();
      throw error;
    }
  }
}

/** Whether `check` took the material of these inputs into the cache: it does with inline material. */
export function isDeposited(
  source: SourceReference,
  previewed: Fingerprint | undefined,
): previewed is Fingerprint {
  return isLocal(source) && !isReadable(source) && previewed !== undefined;
}

function given<T>(held: T | undefined): T {
  assert(
    held !== undefined,
    'MATERIAL_MISSING',
    'the material is needed for an import and the program does not give it (it was removed, or is under ignoreChanges): give it again',
  );
  return held;
}

/**
 * Returns the fingerprint as far as it is known without reading: a source that is not read at preview is taken to
 * hold what it held at the last import, as long as it is the same source.
 */
export function knownFingerprint(
  { materialFingerprint, materialSource }: CheckedInputs,
  previous: Previous | undefined,
): Fingerprint | undefined {
  const isSame = canonical(materialSource) === canonical(previous?.materialSource);
  return materialFingerprint ?? (isSame ? previous?.materialFingerprint : undefined);
}

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
