import { createHash } from 'node:crypto';
import { toWholeSeconds } from '../../domain/expiry';
import type { ObservedKey } from '../../domain/observation';
import { importableKeySpec, chooseWrapping, type Wrapping } from '../../domain/key-specs';
import { assert } from '../../errors';
import type { ImportAnswer, ImportParameters, KmsClient } from '../../aws/index';
import type { Material, WrappedFor } from '../../material/material';
import { assertTokenNotExpired } from '../../material/wrapped-material';
import type { CheckedInputs } from './inputs';
import type { ImportReceipt } from './state';
import { retryWhileAbsent, type WaitOptions } from '../wait';

/** A wrapping key with the way it is used, and the token that belongs to it. */
export type Parameters = Wrapping & ImportParameters;

// How far the clock of this machine may be behind that of KMS, and how long an import may take.
const MARGIN_MILLISECONDS = 60_000;

/**
 * Import parameters for the length of one operation, only in memory. GetParametersForImport is the scarcest
 * call of KMS, so a repeated import takes what was fetched before, until its deadline or until KMS refuses it.
 */
export class ImportParametersCache {
  #cached: Parameters | undefined;
  #renewed: boolean;
  readonly #fetch: () => Promise<Parameters>;
  readonly #now: () => Date;

  /** @param once - whether there are no others, so that what KMS refuses is refused for good */
  constructor(fetch: () => Promise<Parameters>, now: () => Date, once = false) {
    this.#fetch = fetch;
    this.#now = now;
    this.#renewed = once;
  }

  /** Returns a wrapping key and its token, fetched where none are cached or their time is over. */
  async get(): Promise<Parameters> {
    const deadline = this.#cached?.validTo?.getTime() ?? 0;
    if (this.#cached === undefined || this.#now().getTime() + MARGIN_MILLISECONDS > deadline) {
      this.#cached = await this.#fetch();
    }
    return this.#cached;
  }

  /**
   * Drops what KMS has refused. It asks for a new pair and one repetition (AWS KMS API Reference,
   * ImportKeyMaterial).
   *
   * @returns whether the import is to be repeated: once in an operation
   */
  renew(): boolean {
    const repeat = !this.#renewed;
    this.#renewed = true;
    this.#cached = undefined;
    return repeat;
  }
}

/** What it reaches for. */
export interface ParametersContext extends WaitOptions {
  readonly kms: KmsClient;
  readonly now: () => Date;
}

/**
 * Returns the parameters for one import, once the material is known to fit the key: those that the material is wrapped
 * for already, or fresh ones of KMS, with the strongest wrapping that the key allows where the program leaves it open.
 *
 * @throws {@link ByokError} `BUNDLE_KEY`, `BUNDLE_EXPIRED`, `WRAPPING_UNSUPPORTED`, `MATERIAL_LENGTH`,
 * `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE`
 */
export function parametersFor(
  inputs: CheckedInputs,
  key: ObservedKey,
  material: Material,
  context: ParametersContext,
): ImportParametersCache {
  const { kms, now, signal } = context;
  const keySpec = importableKeySpec(key.keySpec);
  const { wrappedFor } = material;
  if (wrappedFor === undefined) {
    material.assertFits(keySpec, key.region);
    const wrapping = chooseWrapping(keySpec, inputs, key.region);
    // By its ARN, which tells whose request quotas the call counts against.
    const fetch = () => kms.getImportParameters(key.keyArn, wrapping, signal);
    return new ImportParametersCache(
      async () => ({ ...wrapping, ...(await retryWhileAbsent(fetch, context)) }),
      now,
    );
  }
  assert(
    wrappedFor.keyArn === key.keyArn,
    'BUNDLE_KEY',
    'the bundle was made for the key of this ID in another Region or account: make a bundle for this key',
  );
  assertDeclaredWrapping(inputs, wrappedFor);
  assertTokenNotExpired(wrappedFor.parametersValidTo, now());
  material.assertFits(keySpec, key.region);
  const { publicKey, importToken } = wrappedFor;
  const parameters = { ...chooseWrapping(keySpec, wrappedFor, key.region), publicKey, importToken };
  return new ImportParametersCache(() => Promise.resolve(parameters), now, true);
}

function assertDeclaredWrapping(declared: CheckedInputs, given: WrappedFor): void {
  const { wrappingAlgorithm = given.wrappingAlgorithm, wrappingKeySpec = given.wrappingKeySpec } =
    declared;
  assert(
    wrappingAlgorithm === given.wrappingAlgorithm && wrappingKeySpec === given.wrappingKeySpec,
    'WRAPPING_UNSUPPORTED',
    `the material is wrapped by ${given.wrappingAlgorithm} with ${given.wrappingKeySpec}: leave wrappingAlgorithm and wrappingKeySpec out, or wrap it as they say`,
  );
}

/**
 * Makes the receipt of an import that KMS accepted.
 *
 * @param instant - when it was sent
 * @param earlier - the receipt of the last import of the same material by the same resource
 */
export function receiptOf(
  { wrappingAlgorithm, wrappingKeySpec, publicKey }: Parameters,
  instant: Date,
  earlier: ImportReceipt | undefined,
  { requestId }: ImportAnswer,
): ImportReceipt {
  const importedAt = toWholeSeconds(instant);
  return {
    wrappingAlgorithm,
    wrappingKeySpec,
    wrappingPublicKeySha256: createHash('sha256').update(publicKey).digest('hex'),
    importedAt,
    // A resource is one material for all of its life. State of before this was kept has the last import.
    firstImportedAt: earlier?.firstImportedAt ?? earlier?.importedAt ?? importedAt,
    requestId,
  };
}
