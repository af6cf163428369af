import { rotationBudget } from '../../domain/rotation';
import type { ObservedKey } from '../../domain/observation';
import { SCHEMA_VERSION, asJson } from '../protocol';
import type { RotationInputs } from './inputs';

/** The outputs of a rotation, as of the last update or refresh. */
export interface RotationOutputs {
  readonly keyArn: string;
  /** Material that the key encrypts with, which a later rotation changes. */
  readonly currentKeyMaterialId?: string | undefined;
  /** State of the material that the key was rotated to; absent if KMS no longer lists it. */
  readonly keyMaterialState?: string | undefined;
  readonly rotationsUsed: number;
  readonly rotationsRemaining: number;
  readonly schemaVersion: number;
}

/** The state of one rotation. */
export type RotationState = RotationInputs & RotationOutputs;

/** Builds the state from the inputs and the key. */
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

/** Records new inputs that KMS does not know, and keeps every output. */
export function recordRotation(
  inputs: RotationInputs,
  state: Partial<RotationState>,
): RotationState {
  const { keyArn, currentKeyMaterialId, keyMaterialState, rotationsUsed, rotationsRemaining } =
    state as RotationState;
  return asJson<RotationState>({
    ...inputs,
    keyArn,
    currentKeyMaterialId,
    keyMaterialState,
    rotationsUsed,
    rotationsRemaining,
    schemaVersion: SCHEMA_VERSION,
  });
}
