import { rotationBudget } from '../../domain/rotation';
import type { ObservedKey } from '../../domain/observation';
import { SCHEMA_VERSION, asJson } from '../protocol';
import type { RotationInputs } from './inputs';

/** The outputs of a rotation, as of the last update or refresh. */
export interface RotationOutputs {
  readonly keyArn: string;
  /** The material that the key encrypts with: a later rotation changes it. */
  readonly currentKeyMaterialId?: string | undefined;
  /** Of the material that was rotated to; absent when the key no longer knows it. */
  readonly keyMaterialState?: string | undefined;
  readonly rotationsUsed: number;
  readonly rotationsRemaining: number;
  readonly schemaVersion: number;
}

/** What stands in state for one rotation. */
export type RotationState = RotationInputs & RotationOutputs;

/** Puts together what stands in state: the inputs, and what KMS says of the key. */
export function buildRotationState(inputs: RotationInputs, key: ObservedKey): RotationState {
  const material = key.materials.find((other) => other.keyMaterialId === inputs.keyMaterialId);
  return asJson<RotationState>({
    ...inputs,
    keyArn: key.keyArn,
    currentKeyMaterialId: key.currentKeyMaterialId,
    keyMaterialState: material?.keyMaterialState,
    ...rotationBudget(key),
    schemaVersion: SCHEMA_VERSION,
  });
}

/** Takes up new inputs of which KMS knows nothing. */
export function recordRotation(
  inputs: RotationInputs,
  state: Partial<RotationState>,
): RotationState {
  const { keyArn, currentKeyMaterialId, keyMaterialState, rotationsUsed, rotationsRemaining } =
    state as RotationState;
  const held = {
    keyArn,
    currentKeyMaterialId,
    keyMaterialState,
    rotationsUsed,
    rotationsRemaining,
  };
  return asJson<RotationState>({ ...inputs, ...held, schemaVersion: SCHEMA_VERSION });
}
