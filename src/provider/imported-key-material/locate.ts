import { findMaterial } from '../../domain/import-plan';
import type { ObservedKey, ObservedMaterial } from '../../domain/observation';
import { assert } from '../../errors';
import { ignoreNotFound } from '../protocol';
import type { ImportContext } from './import-material';
import type { ProvenInputs } from './inputs';
import { type Observation, parseResourceId, type State } from './state';

/** Key and material of a resource, as KMS shows them. */
export interface Located {
  readonly inputs: ProvenInputs;
  readonly key: ObservedKey;
  /** Absent if KMS no longer lists it. */
  readonly material: ObservedMaterial | undefined;
  /** Facts that only state has. */
  readonly known: Observation['known'];
  readonly context: ImportContext;
}

/**
 * Finds the key and the material of a resource in KMS.
 *
 * @returns undefined if the key does not exist
 * @throws {@link ByokError} `MATERIAL_AMBIGUOUS`, `KMS_*`
 */
export async function locate(
  id: string,
  state: Partial<State>,
  connect: (inputs: ProvenInputs) => Promise<ImportContext>,
): Promise<Located | undefined> {
  const fromId = parseResourceId(id);
  // The ARN names the Region and the account of the material, even if the configuration has changed.
  const inputs = { ...state, keyId: state.keyArn ?? fromId.keyArn } as ProvenInputs;
  const known = {
    materialFingerprint: inputs.materialFingerprint,
    keyMaterialId: state.keyMaterialId ?? fromId.keyMaterialId,
    importReceipt: state.importReceipt,
    materialOwner: state.materialOwner,
    wasDisabled: state.wasDisabled,
  };
  const context = await connect(inputs);
  const key = await context.kms.observeKey(inputs.keyId, context.signal).catch(ignoreNotFound);
  if (key === undefined) return undefined;
  const isNamed = state.keyArn !== undefined || known.keyMaterialId !== undefined;
  const material = isNamed
    ? findMaterial(key, {
        fingerprint: known.materialFingerprint,
        keyMaterialId: known.keyMaterialId,
      })
    : onlyMaterial(key);
  return { inputs, key, material, known, context };
}

// Of a resource without state, whose ID is only that of its key.
function onlyMaterial({ keyArn, materials }: ObservedKey): ObservedMaterial | undefined {
  const ids = materials.map(({ keyMaterialId }) => keyMaterialId ?? '').join(', ');
  assert(
    materials.length <= 1,
    'MATERIAL_AMBIGUOUS',
    `${keyArn} has several materials (KeyMaterialId ${ids}): give the ID of one, in the form KEY_ARN/KeyMaterialId`,
  );
  return materials[0];
}
