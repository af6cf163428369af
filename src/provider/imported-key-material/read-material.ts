import { parseKeyReference } from '../../domain/identifiers';
import { assert } from '../../errors';
import type { Material } from '../../material/material';
import type { SourceContext } from '../../material/source';
import { openSource } from '../../material/open-source';
import { isLocal, isReadable, type SourceReference } from '../../material/sources';

import { canonical } from '../protocol';
import type { CheckedInputs } from './inputs';
import type { Previous } from './state';
import { assertSameMaterial, type Fingerprint } from '../../domain/fingerprint';
import type { PlaintextCache } from '../plaintext-cache';

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
