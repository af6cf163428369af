import { knownArn } from '../key-change';
import { asJson, type Preview, readState, SCHEMA_VERSION, UNKNOWN } from '../protocol';
import type { RotationInputs } from './inputs';
import { recordRotation, type RotationOutputs, type RotationState } from './state';

/** Answers the questions of a native plugin that the provider of `OnDemandRotation` does not. */
export const rotationPreview: Preview = {
  preview(news, olds) {
    const inputs = news as unknown as RotationInputs;
    const state = olds === undefined ? undefined : readState<RotationState>(olds);
    return state !== undefined && state.keyMaterialId === inputs.keyMaterialId
      ? recordRotation(inputs, state)
      : expectedRotation(inputs, state);
  },
  // A key without state shows only the rotation that it made last.
  inputsOf: ({ keyArn, currentKeyMaterialId }) => ({
    keyId: keyArn,
    keyMaterialId: currentKeyMaterialId,
  }),
};

// The state after a rotation.
function expectedRotation(
  inputs: RotationInputs,
  state: Partial<RotationState> | undefined,
): Record<string, unknown> {
  const outputs: { readonly [Name in keyof RotationOutputs]-?: unknown } = {
    keyArn: state?.keyArn ?? knownArn(inputs.keyId),
    // A rotation that was made earlier may have been followed by others.
    currentKeyMaterialId: UNKNOWN,
    keyMaterialState: UNKNOWN,
    rotationsUsed: UNKNOWN,
    rotationsRemaining: UNKNOWN,
    schemaVersion: SCHEMA_VERSION,
  };
  return asJson({ ...inputs, ...outputs });
}
