import { findMaterial } from '../../domain/import-plan';
import type { ObservedKey, ObservedMaterial } from '../../domain/observation';
import { ignoreNotFound } from '../protocol';
import type { ImportContext } from './import-material';
import type { ProvenInputs } from './inputs';
import { type Observation, parseResourceId, type State } from './state';

/** A resource as KMS has it. */
export interface Located {
  readonly inputs: ProvenInputs;
  readonly key: ObservedKey;
  /** Absent where the key no longer knows it. */
  readonly material: ObservedMaterial | undefined;
  /** What state says of it. */
  readonly known: Observation['known'];
  readonly context: ImportContext;
}

/**
 * Finds the key and the material of a resource in KMS.
 *
 * @returns undefined when the key is gone
 */
export async function locate(
  id: string,
  state: Partial<State>,
  connect: (inputs: ProvenInputs) => Promise<ImportContext>,
): Promise<Located | undefined> {
  const fromId = parseResourceId(id);
  // The ARN names the Region and the account in which the material is, whatever is configured now.
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
  const material = findMaterial(key, {
    fingerprint: known.materialFingerprint,
    keyMaterialId: known.keyMaterialId,
  });
  return { inputs, key, material, known, context };
}
