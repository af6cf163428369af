import type { ObservedKey } from '../domain/observation';
import { importableKeySpec } from '../domain/key-specs';
import { chooseWrapping, type Wrapping } from '../domain/wrapping';
import { needs } from '../errors';
import type { Kms } from '../kms/index';
import type { Material, WrappedFor } from '../material/material';
import { needsUnexpiredToken } from '../material/wrapped-material';
import type { CheckedInputs } from './inputs';
import { retryWhileAbsent, type Patience } from './operation';

/** A wrapping key with the way it is used, and the token that belongs to it. */
export type Parameters = Wrapping & {
  readonly publicKey: Uint8Array;
  readonly importToken: Uint8Array;
};

/** What it reaches for. */
export interface ParametersContext extends Patience {
  readonly kms: Kms;
  readonly now: () => Date;
}

/**
 * The parameters for one import: those that the material is wrapped for already, or fresh ones of
 * KMS, with the strongest wrapping that the key allows where the program leaves it open.
 *
 * @throws {@link ByokError} `BUNDLE_KEY`, `BUNDLE_EXPIRED`, `WRAPPING_UNSUPPORTED`, `KMS_*`
 */
export async function importParameters(
  inputs: CheckedInputs,
  key: ObservedKey,
  material: Material,
  context: ParametersContext,
): Promise<Parameters> {
  const keySpec = importableKeySpec(key.keySpec);
  const { wrappedFor } = material;
  if (wrappedFor === undefined) {
    const wrapping = chooseWrapping(keySpec, inputs, key.region);
    const { publicKey, importToken } = await retryWhileAbsent(
      () => context.kms.getImportParameters(inputs.keyId, wrapping, context.signal),
      context,
    );
    return { ...wrapping, publicKey, importToken };
  }
  needs(
    wrappedFor.keyArn === key.keyArn,
    'BUNDLE_KEY',
    'the bundle was made for the key of this ID in another Region or account: make a bundle for this key',
  );
  needsDeclaredWrapping(inputs, wrappedFor);
  needsUnexpiredToken(wrappedFor.parametersValidTo, context.now());
  const { publicKey, importToken } = wrappedFor;
  return { ...chooseWrapping(keySpec, wrappedFor, key.region), publicKey, importToken };
}

function needsDeclaredWrapping(declared: CheckedInputs, given: WrappedFor): void {
  const { wrappingAlgorithm = given.wrappingAlgorithm, wrappingKeySpec = given.wrappingKeySpec } =
    declared;
  needs(
    wrappingAlgorithm === given.wrappingAlgorithm && wrappingKeySpec === given.wrappingKeySpec,
    'WRAPPING_UNSUPPORTED',
    `the material is wrapped by ${given.wrappingAlgorithm} with ${given.wrappingKeySpec}: leave wrappingAlgorithm and wrappingKeySpec out, or wrap it as they say`,
  );
}
