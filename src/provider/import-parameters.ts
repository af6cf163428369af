import type { ObservedKey } from '../domain/observation';
import { importableKeySpec } from '../domain/key-specs';
import { chooseWrapping, type Wrapping } from '../domain/wrapping';
import { needs } from '../errors';
import type { ImportParameters, Kms } from '../kms/index';
import type { Material, WrappedFor } from '../material/material';
import { needsUnexpiredToken } from '../material/wrapped-material';
import { HeldParameters } from './held-parameters';
import type { CheckedInputs } from './inputs';
import { retryWhileAbsent, type Patience } from './operation';

/** A wrapping key with the way it is used, and the token that belongs to it. */
export type Parameters = Wrapping & ImportParameters;

/** Where the parameters of an import come from, for the length of one operation. */
export interface ParametersSource {
  /** A wrapping key and its token. */
  get(): Promise<Parameters>;

  /** Drops what KMS has refused; whether the import is to be repeated with others. */
  renew(): boolean;
}

/** What it reaches for. */
export interface ParametersContext extends Patience {
  readonly kms: Kms;
  readonly now: () => Date;
}

/**
 * The parameters for one import: those that the material is wrapped for already, or fresh ones of
 * KMS, with the strongest wrapping that the key allows where the program leaves it open.
 *
 * @throws {@link ByokError} `BUNDLE_KEY`, `BUNDLE_EXPIRED`, `WRAPPING_UNSUPPORTED`
 */
export function parametersFor(
  inputs: CheckedInputs,
  key: ObservedKey,
  material: Material,
  context: ParametersContext,
): ParametersSource {
  const { kms, now, signal } = context;
  const keySpec = importableKeySpec(key.keySpec);
  const { wrappedFor } = material;
  if (wrappedFor === undefined) {
    const wrapping = chooseWrapping(keySpec, inputs, key.region);
    // By its ARN, which tells whose request quotas the call counts against.
    const fetch = () => kms.getImportParameters(key.keyArn, wrapping, signal);
    return new HeldParameters(
      async () => ({ ...wrapping, ...(await retryWhileAbsent(fetch, context)) }),
      now,
    );
  }
  needs(
    wrappedFor.keyArn === key.keyArn,
    'BUNDLE_KEY',
    'the bundle was made for the key of this ID in another Region or account: make a bundle for this key',
  );
  needsDeclaredWrapping(inputs, wrappedFor);
  needsUnexpiredToken(wrappedFor.parametersValidTo, now());
  const { publicKey, importToken } = wrappedFor;
  const parameters = { ...chooseWrapping(keySpec, wrappedFor, key.region), publicKey, importToken };
  return { get: () => Promise.resolve(parameters), renew: () => false };
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
