import { declaredExpiry } from '../../domain/expiry';
import { omitUndefined } from '../../domain/omit-undefined';
import { knownArn } from '../key-change';
import {
  asJson,
  containsUnknown,
  type Preview,
  readState,
  SCHEMA_VERSION,
  UNKNOWN,
} from '../protocol';
import { compare, type DiffContext, isRecordOnly } from './diff';
import { EXPIRY_INPUTS, type CheckedInputs } from './inputs';
import { type Outputs, recordInputs, type State, unlessRepeated } from './state';

/** The facts that are known before a create or an update. */
interface Expected {
  readonly inputs: CheckedInputs;
  /** Absent for a create. */
  readonly state: Partial<State> | undefined;
}

/** Every output, as far as it is known before the call to KMS. */
const EXPECTED: { readonly [Name in keyof Outputs]-?: (expected: Expected) => unknown } = {
  keyArn: ({ inputs, state }) => state?.keyArn ?? knownArn(inputs.keyId),
  keySpec: ({ inputs, state }) => state?.keySpec ?? inputs.keySpec ?? UNKNOWN,
  keyState: () => UNKNOWN,
  importState: () => 'IMPORTED',
  keyMaterialId: (expected) =>
    ofSymmetric(
      expected,
      isOtherMaterial(expected) ? UNKNOWN : (expected.state?.keyMaterialId ?? UNKNOWN),
    ),
  keyMaterialState: (expected) => ofSymmetric(expected, UNKNOWN),
  expirationModel: ({ inputs }) => {
    if (isExpiryUnknown(inputs)) return UNKNOWN;
    return declaredExpiry(inputs).kind === 'never'
      ? 'KEY_MATERIAL_DOES_NOT_EXPIRE'
      : 'KEY_MATERIAL_EXPIRES';
  },
  validTo: ({ inputs }) => {
    if (isExpiryUnknown(inputs)) return UNKNOWN;
    const expiry = declaredExpiry(inputs);
    // The clock of the update decides, not that of the preview.
    return expiry.kind === 'rolling' ? UNKNOWN : inputs.validTo;
  },
  materialFingerprint: ({ inputs }) => inputs.materialFingerprint ?? UNKNOWN,
  importReceipt: () => UNKNOWN,
  materialOwner: (expected) => ofSymmetric(expected, expected.state?.materialOwner ?? UNKNOWN),
  missingKeyMaterialIds: () => UNKNOWN,
  wasDisabled: () => UNKNOWN,
  schemaVersion: () => SCHEMA_VERSION,
};

/** Answers the questions of a native plugin that the provider of `ImportedKeyMaterial` does not. */
export function createPreview(context: DiffContext): Preview {
  return {
    preview(news, olds) {
      const inputs = news as unknown as CheckedInputs;
      if (olds === undefined) return expectedState(inputs, undefined);
      const state = readState<State>(olds);
      return isRecordOnly(compare(state, inputs, context))
        ? recordInputs(inputs, state)
        : expectedState(inputs, state);
    },
    inputsOf: ({ keyArn, keySpec, validTo, keyMaterialDescription }) =>
      omitUndefined({ keyId: keyArn, keySpec, validTo, keyMaterialDescription }),
  };
}

// The state after a create, or after an update that imports.
function expectedState(
  inputs: CheckedInputs,
  state: Partial<State> | undefined,
): Record<string, unknown> {
  const outputs = Object.entries(EXPECTED).map(
    ([name, of]) => [name, of({ inputs, state })] as const,
  );
  const expected: Record<string, unknown> = { ...inputs, ...Object.fromEntries(outputs) };
  return asJson({ ...expected, keyId: unlessRepeated(inputs.keyId, expected.keyArn) });
}

// Only symmetric encryption keys have these outputs.
function ofSymmetric({ inputs, state }: Expected, value: string): string | undefined {
  const keySpec = state?.keySpec ?? inputs.keySpec;
  if (keySpec === undefined || keySpec === UNKNOWN) return UNKNOWN;
  return keySpec === 'SYMMETRIC_DEFAULT' ? value : undefined;
}

// Other material can only be staged, in the place of staged material.
function isOtherMaterial({ inputs, state }: Expected): boolean {
  return inputs.materialFingerprint !== state?.materialFingerprint;
}

function isExpiryUnknown(inputs: CheckedInputs): boolean {
  return EXPIRY_INPUTS.some((name) => containsUnknown(inputs[name]));
}
