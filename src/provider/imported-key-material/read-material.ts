import { parseKeyReference, keyResource, type KeyReference } from '../../domain/identifiers';
import { assert } from '../../errors';
import type { LocalContext, SourceContext } from '../../material/source';
import { openSource } from '../../material/open-source';
import { isLocal, isReadable, type SourceReference } from '../../material/sources';
import type { CheckedInputs } from './inputs';
import type { Previous } from './state';
import {
  areDifferent,
  assertSameMaterial,
  isOlderForm,
  type Fingerprint,
} from '../../domain/fingerprint';
import { randomUUID } from 'node:crypto';
import { assertDistinct, assertNotRepeated, type ListPlace } from '../../domain/listed-material';
import type { Material } from '../../material/material';
import type { DeclaredMaterial } from '../../material/source-schema';
import { canonical } from '../protocol';

/** Dependencies of reading material in a preview. */
export interface PreviewContext extends LocalContext {
  /** Takes over inline material. Absent if nothing is to be kept. */
  readonly plaintexts?: PlaintextCache | undefined;
}

/** Dependencies of reading material for an import. */
export interface ReadContext extends SourceContext {
  readonly plaintexts: PlaintextCache;
}

interface OpenMaterial {
  readonly material: Material;
  readonly fingerprint: Fingerprint;
}

/** The material of one import. Its source is read when it is first needed, and once. */
export class LazyMaterial {
  #opened: OpenMaterial | undefined;
  readonly #desired: CheckedInputs;
  readonly #previous: Previous | undefined;
  readonly #required: Fingerprint | undefined;
  readonly #previewed: Fingerprint | undefined;
  readonly #context: ReadContext;

  /** @param mayDiffer - whether the source may have other bytes than at the last import */
  constructor(
    desired: CheckedInputs,
    previous: Previous | undefined,
    mayDiffer: boolean,
    context: ReadContext,
  ) {
    this.#desired = desired;
    this.#previous = previous;
    this.#required = mayDiffer ? undefined : previous?.materialFingerprint;
    this.#previewed = previewedFingerprint(desired, previous);
    this.#context = context;
  }

  /**
   * Returns the fingerprint, and reads the source only if the fingerprint is not known. Once the source is read, the
   * fingerprint has the current form, even if that in state has an older one. A source that a preview does
   * not read is assumed to have the bytes of the last import, unless the program declares another source.
   *
   * @throws {@link ByokError} `MATERIAL_DIFFERS`, `MATERIAL_REPEATED`, and what {@link LazyMaterial.open} throws
   */
  async fingerprint(): Promise<Fingerprint> {
    const { materialSource, list } = this.#desired;
    const isSame = canonical(materialSource) === canonical(this.#previous?.materialSource);
    const known = this.#previewed ?? (isSame ? this.#previous?.materialFingerprint : undefined);
    const fingerprint = this.#opened?.fingerprint ?? known ?? (await this.#open()).fingerprint;
    assertSameMaterial(this.#required, fingerprint, list);
    if (list !== undefined) assertNotRepeated(fingerprint, list);
    return fingerprint;
  }

  /**
   * Reads the source, and checks that it has the bytes that were previewed, or those of the last import.
   *
   * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_CHANGED`, `MATERIAL_DIFFERS`, `MATERIAL_*` of
   * the source
   */
  async open(): Promise<Material> {
    return (await this.#open()).material;
  }

  /** Erases what was read. Material of the cache stays: the cache owns it. */
  close(): void {
    const { materialFingerprint, materialSource } = this.#desired;
    if (!isDeposited(materialSource, materialFingerprint)) this.#opened?.material.close();
  }

  async #open(): Promise<OpenMaterial> {
    return (this.#opened ??= this.#deposited() ?? (await this.#read()));
  }

  #deposited(): OpenMaterial | undefined {
    const { materialFingerprint, materialSource } = this.#desired;
    if (!isDeposited(materialSource, materialFingerprint)) return undefined;
    const material = assertGiven(this.#context.plaintexts.get(materialFingerprint));
    return { material, fingerprint: materialFingerprint };
  }

  async #read(): Promise<OpenMaterial> {
    const { keyId, materialSource } = this.#desired;
    const previewed = this.#previewed;
    const key = parseKeyReference(keyId);
    const material = await openSource(
      materialSource,
      isReadable(materialSource)
        ? {}
        : assertGiven(this.#context.plaintexts.getSource(key, materialSource)),
      this.#context,
    );
    try {
      const fingerprint = await material.fingerprint(key);
      assert(
        previewed === undefined || !areDifferent(previewed, fingerprint),
        'MATERIAL_CHANGED',
        'the source of the material changed between the preview and the import: nothing was imported; run the update again',
      );
      assertSameMaterial(this.#required, fingerprint, this.#desired.list);
      return { material, fingerprint };
    } catch (error) {
      material.close();
      throw error;
    }
  }
}

// Inputs that a program no longer declares keep the form that the fingerprint had, and state may have renewed it.
function previewedFingerprint(
  { materialFingerprint }: CheckedInputs,
  previous: Previous | undefined,
): Fingerprint | undefined {
  const before = previous?.materialFingerprint;
  const isRenewed =
    materialFingerprint !== undefined &&
    before !== undefined &&
    isOlderForm(materialFingerprint, before);
  return isRenewed ? before : materialFingerprint;
}

/** Whether `check` put the material of these inputs into the cache, as it does with inline material. */
export function isDeposited(
  source: SourceReference,
  previewed: Fingerprint | undefined,
): previewed is Fingerprint {
  return isLocal(source) && !isReadable(source) && previewed !== undefined;
}

function assertGiven<T>(given: T | undefined): T {
  assert(
    given !== undefined,
    'MATERIAL_MISSING',
    'the material is needed for an import and the program does not give it (it was removed, or is under ignoreChanges): give it again',
  );
  return given;
}

// Random for each process, so these fingerprints mean nothing outside it.
const NO_KEY: KeyReference = { id: randomUUID() };

/**
 * Keeps inline material between `check` and the `create` or `update` of the same run, which happen in one
 * process. The engine writes the result of `check` to state, so it cannot contain the bytes. Deposits are
 * counted, because two resources may have the same material, and `check` runs twice for a replacement.
 *
 * For a source that `check` does not read, it keeps what the program declares, such as the arguments of a
 * command. That cannot be erased before the process ends.
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

  /** Returns the material, which only the cache may close. */
  get(fingerprint: Fingerprint): Material | undefined {
    return this.#materials.get(fingerprint)?.material;
  }

  /** Removes one deposit, and erases the material with the last one. */
  release(fingerprint: Fingerprint): void {
    const deposited = this.#materials.get(fingerprint);
    if (deposited === undefined) return;
    deposited.deposits -= 1;
    if (deposited.deposits > 0) return;
    deposited.material.close();
    this.#materials.delete(fingerprint);
  }

  /** Keeps what the program declares of a source for a key; the last deposit replaces earlier ones. */
  addSource(key: KeyReference, source: SourceReference, declared: DeclaredMaterial): void {
    this.#sources.set(nameOf(key, source), declared);
  }

  /**
   * Compares material with the others of its list while their key does not exist yet, so they have no
   * fingerprints.
   *
   * @throws {@link ByokError} `MATERIAL_REPEATED`
   */
  async assertNew(material: Material, list: ListPlace | undefined): Promise<void> {
    if (list?.of === undefined || list.place === undefined) return;
    const places = this.#lists.get(list.of) ?? new Map<number, Fingerprint>();
    const found = await material.fingerprint(NO_KEY);
    const [same] =
      [...places].find(([place, other]) => place !== list.place && other === found) ?? [];
    assertDistinct(list.place, same);
    this.#lists.set(list.of, places.set(list.place, found));
  }

  /** Returns what the program declares of a source for a key. */
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
