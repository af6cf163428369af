import { areDifferent, isFingerprint, isOfCommand } from '../../domain/fingerprint';
import { parseKeyReference } from '../../domain/identifiers';
import type { ObservedKey } from '../../domain/observation';
import { isType } from '../../domain/type-tokens';
import { ByokError, assert } from '../../errors';
import type { KmsClient } from '../../aws/index';
import type { Io } from '../io';
import { withOpenMaterial, type NamedSource } from '../material-option';
import { proveAsAsked, type ReimportOptions, type Verification } from '../proof/verification';
import {
  adoptMaterial,
  chosenMaterial,
  type Adoption,
  type FormOptions,
  type ToAdopt,
} from './adopt-material';
import { openExported, type ExportedMaterial } from './exported-material';
import type { ExportedResource } from './stack-export';

/** How the material is proved, and the form of the resources that take it over. */
export type TakeOverOptions = ReimportOptions & FormOptions;

/** A key of the aws provider, and the new source of its material. */
export interface ToTakeOver {
  readonly exported: ExportedMaterial;
  /** Name of the new resource. */
  readonly name: string;
  readonly source: NamedSource;
  readonly key: ObservedKey;
  readonly kms: KmsClient;
  /** The aws provider that manages the key. */
  readonly provider: ToAdopt['provider'];
}

/** The result of taking over the material of a key. */
export interface TakenOver {
  readonly verdict: Verification['verdict'];
  /** Whether the source is known to have the same material as the export. If not, the export has to keep it. */
  readonly isKept: boolean;
  /** The resource that takes the material over; absent if the stack already has one. */
  readonly adoption?: Adoption;
  /** Settings of the aws provider of the key that its `connection` cannot have. */
  readonly connectionNote?: string | undefined;
}

/**
 * Compares the material of a source with the export and the key, and makes the resource that takes it over.
 *
 * @param state - the resources of the export
 * @throws {@link ByokError} `MATERIAL_DIFFERS`, `MATERIAL_NOT_IN_KEY`, `MATERIAL_AMBIGUOUS`, `MATERIAL_*`, `KMS_*`
 */
export async function takeOver(
  { exported, name, source, key, kms, provider }: ToTakeOver,
  state: readonly ExportedResource[],
  options: TakeOverOptions,
  io: Io,
): Promise<TakenOver> {
  const reference = parseKeyReference(key.keyArn);
  const { materialFingerprint, isSame, verdict } = await withOpenMaterial(
    source,
    options,
    io,
    async (material) => {
      const materialFingerprint = await material.fingerprint(reference);
      const before = openExported(exported);
      const exportedFingerprint = await before?.fingerprint(reference);
      before?.close();
      const isSame = exportedFingerprint === materialFingerprint;
      assert(
        exportedFingerprint === undefined || isSame || isOfCommand(materialFingerprint),
        'MATERIAL_DIFFERS',
        `the source that --material names for ${exported.urn} has other bytes than the state: nothing was written`,
      );
      return {
        materialFingerprint,
        isSame,
        verdict: await proveAsAsked(key, material, kms, options, io, true),
      };
    },
  );
  if (verdict.verdict === 'different' || verdict.verdict === 'absent') {
    throw new ByokError(
      'MATERIAL_NOT_IN_KEY',
      `${key.keyArn} does not have the material of the source for ${exported.urn} (${verdict.evidence}): nothing was written`,
    );
  }
  const isKept = isSame || verdict.verdict === 'same';
  const material = chosenMaterial(key, verdict.keyMaterialId);
  const existing = state.find(
    ({ type, outputs, delete: isDeleted }) =>
      isType(type, 'ImportedKeyMaterial') &&
      isDeleted !== true &&
      outputs?.keyArn === key.keyArn &&
      outputs.keyMaterialId === material.keyMaterialId,
  );
  if (existing === undefined) {
    const { materialOwner } = verdict;
    const read = { key, material, source, materialFingerprint, materialOwner };
    const adoption = await adoptMaterial(
      { name, keyId: key.keyArn, ...read, provider, isNative: options.native === true },
      io,
    );
    return { verdict, isKept, adoption, connectionNote: provider?.note };
  }
  const recorded = existing.outputs?.materialFingerprint;
  assert(
    isFingerprint(recorded) && !areDifferent(recorded, materialFingerprint),
    'MATERIAL_DIFFERS',
    `${existing.urn} has other material than the source for ${exported.urn}: nothing was written`,
  );
  return { verdict, isKept };
}
