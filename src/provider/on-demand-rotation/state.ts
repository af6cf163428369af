import { rotationBudget } from '../../domain/rotation';
import type { ObservedKey, ObservedMaterial } from '../../domain/observation';
import {
  asJson,
  deriveOutputs,
  keptOutputs,
  namesOf,
  type OutputTable,
  SCHEMA_VERSION,
} from '../protocol';
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

interface Observation {
  readonly key: ObservedKey;
  /** The material that the key was rotated to; undefined if KMS no longer lists it. */
  readonly material: ObservedMaterial | undefined;
}

/** Every output, and how to derive it. */
const OUTPUTS: OutputTable<RotationOutputs, Observation> = {
  keyArn: ({ key }) => key.keyArn,
  currentKeyMaterialId: ({ key }) => key.currentKeyMaterialId,
  keyMaterialState: ({ material }) => material?.keyMaterialState,
  rotationsUsed: ({ key }) => rotationBudget(key).rotationsUsed,
  rotationsRemaining: ({ key }) => rotationBudget(key).rotationsRemaining,
  schemaVersion: () => SCHEMA_VERSION,
};

/** The names of all outputs. */
export const OUTPUT_NAMES = namesOf(OUTPUTS);

/** Builds the state from the inputs and the key. */
export function buildRotationState(inputs: RotationInputs, key: ObservedKey): RotationState {
  const material = key.materials.find((other) => other.keyMaterialId === inputs.keyMaterialId);
  return asJson({ ...inputs, ...deriveOutputs(OUTPUTS, { key, material }) });
}

/** Records new inputs that KMS does not know, and keeps every output. */
export function recordRotation(
  inputs: RotationInputs,
  state: Partial<RotationState>,
): RotationState {
  return asJson({ ...inputs, ...keptOutputs(OUTPUTS, state), schemaVersion: SCHEMA_VERSION });
}
