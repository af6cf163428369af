import { validToAt } from '../../domain/expiry';
import { markedDescription, ownerOf, sameDescription } from '../../domain/fingerprint';
import {
  findMaterial,
  takesDescription,
  type ImportDeclaration,
  type ImportPlan,
} from '../../domain/import-plan';
import { chooseWrapping, importableKeySpec, type Wrapping } from '../../domain/key-specs';
import { isImported, type ObservedKey, type ObservedMaterial } from '../../domain/observation';
import type { MaterialOwner } from '../../domain/ownership';
import { assert, ByokError } from '../../errors';
import type { ImportAnswer, ImportParameters, ImportRequest, KmsClient } from '../../aws/index';
import type { CheckValue, Material, RandomBytes, WrappedFor } from '../../material/material';
import { assertTokenNotExpired } from '../../material/wrapped-material';
import { retryWhileAbsent, type WaitOptions } from '../wait';
import type { CheckedInputs } from './inputs';

/** Dependencies of a request. */
export interface RequestContext extends WaitOptions {
  readonly kms: KmsClient;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** A wrapping key, how to wrap with it, and its import token. */
export type Parameters = Wrapping & ImportParameters;

// Allows for the clock of this machine being behind that of KMS, and for the duration of an import.
const MARGIN_MILLISECONDS = 60_000;

/**
 * Keeps import parameters in memory for one step. KMS limits GetParametersForImport more than any other call,
 * so a repeated import reuses them until their deadline, or until KMS refuses them.
 */
export class ImportParametersCache {
  #cached: Parameters | undefined;
  #renewed: boolean;
  readonly #fetch: () => Promise<Parameters>;
  readonly #now: () => Date;

  /** @param once - whether there are no other parameters if KMS refuses these */
  constructor(fetch: () => Promise<Parameters>, now: () => Date, once = false) {
    this.#fetch = fetch;
    this.#now = now;
    this.#renewed = once;
  }

  /** Returns a wrapping key and its token, and fetches them if none are cached or their deadline is near. */
  async get(): Promise<Parameters> {
    const deadline = this.#cached?.validTo?.getTime() ?? 0;
    if (this.#cached === undefined || this.#now().getTime() + MARGIN_MILLISECONDS > deadline) {
      this.#cached = await this.#fetch();
    }
    return this.#cached;
  }

  /**
   * Drops the parameters that KMS has refused. AWS says to fetch new ones and to repeat the import (AWS KMS API
   * Reference, ImportKeyMaterial).
   *
   * @returns whether to repeat the import, which is once for each step
   */
  renew(): boolean {
    const repeat = !this.#renewed;
    this.#renewed = true;
    this.#cached = undefined;
    return repeat;
  }
}

/**
 * Checks that the material fits the key, and returns the parameters of its import: those that the material is
 * already wrapped for, or new ones of KMS. By default the wrapping is the strongest that the key allows and the
 * material can be wrapped by.
 *
 * @throws {@link ByokError} `BUNDLE_KEY`, `BUNDLE_EXPIRED`, `WRAPPING_UNSUPPORTED`, `MATERIAL_LENGTH`,
 * `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE`
 */
export function parametersFor(
  inputs: CheckedInputs,
  key: ObservedKey,
  material: Material,
  context: RequestContext,
): ImportParametersCache {
  const { kms, now, signal } = context;
  const keySpec = importableKeySpec(key.keySpec);
  const { wrappedFor } = material;
  material.assertFits(keySpec, key.region);
  const { wrappingAlgorithms } = material;
  const wrapping = chooseWrapping(keySpec, wrappedFor ?? inputs, key.region, wrappingAlgorithms);
  if (wrappedFor === undefined) {
    // The ARN shows whose request quotas the call counts against.
    const fetch = () => kms.getImportParameters(key.keyArn, wrapping, signal);
    return new ImportParametersCache(
      async () => ({ ...wrapping, ...(await retryWhileAbsent(fetch, context)) }),
      now,
    );
  }
  assertUsable(wrappedFor, inputs, key, now());
  const { publicKey, importToken } = wrappedFor;
  const parameters = { ...wrapping, publicKey, importToken };
  return new ImportParametersCache(() => Promise.resolve(parameters), now, true);
}

function assertUsable(
  wrappedFor: WrappedFor,
  inputs: CheckedInputs,
  { keyArn }: ObservedKey,
  now: Date,
): void {
  assert(
    wrappedFor.keyArn === keyArn,
    'BUNDLE_KEY',
    'the bundle was made for the key of this ID in another Region or account: make a bundle for this key',
  );
  const { wrappingAlgorithm = wrappedFor.wrappingAlgorithm } = inputs;
  const { wrappingKeySpec = wrappedFor.wrappingKeySpec } = inputs;
  assert(
    wrappingAlgorithm === wrappedFor.wrappingAlgorithm &&
      wrappingKeySpec === wrappedFor.wrappingKeySpec,
    'WRAPPING_UNSUPPORTED',
    `the material is wrapped by ${wrappedFor.wrappingAlgorithm} with ${wrappedFor.wrappingKeySpec}: leave wrappingAlgorithm and wrappingKeySpec out, or wrap the material with those that they name`,
  );
  assertTokenNotExpired(wrappedFor.parametersValidTo, now);
}

/**
 * Computes the check value of the material, if the program asks for it.
 *
 * @throws {@link ByokError} `CHECK_VALUE_UNAVAILABLE`
 */
export async function checkValueFor(
  { recordCheckValue }: CheckedInputs,
  { keySpec, region }: ObservedKey,
  material: Material,
): Promise<CheckValue | undefined> {
  if (recordCheckValue !== true) return undefined;
  return material.checkValue({ keySpec: importableKeySpec(keySpec), region });
}

/** A plan that needs a call. */
export type PlannedImport = Extract<ImportPlan, { readonly action: 'import' }>;

/** One import as it was decided. */
interface Decided {
  readonly key: ObservedKey;
  readonly plan: PlannedImport;
  readonly declaration: ImportDeclaration;
  readonly material: Material;
  /** Owner after the import; undefined if the owner that KMS shows remains. */
  readonly owner: MaterialOwner | undefined;
}

/**
 * Builds the request, with the material wrapped for these parameters.
 *
 * @throws {@link ByokError} `KMS_WRAPPING_KEY`, and what a source that wraps its material itself throws
 */
export async function requestFor(
  { key, plan, declaration, material, owner }: Decided,
  { publicKey, importToken, wrappingAlgorithm, wrappingKeySpec }: Parameters,
  instant: Date,
  { random, signal }: RequestContext,
): Promise<ImportRequest> {
  const { fingerprint, expiry, keyMaterialDescription } = declaration;
  const { keyMaterialId, importType } = plan;
  const observed = findMaterial(key, { fingerprint, keyMaterialId });
  return {
    KeyId: key.keyArn,
    ImportToken: importToken,
    EncryptedKeyMaterial: await material.wrapFor(
      { wrappingAlgorithm, wrappingKeySpec, publicKey },
      { keyArn: key.keyArn, keySpec: importableKeySpec(key.keySpec), random, signal },
    ),
    validTo: plan.validTo ?? validToAt(expiry, instant),
    ImportType: importType,
    KeyMaterialId: keyMaterialId,
    KeyMaterialDescription: takesDescription(key)
      ? markedDescription(
          fingerprint,
          keyMaterialDescription,
          owner ?? ownerOf(observed?.description),
        )
      : undefined,
  };
}

/** Result of a request. After an error that does not say what became of it, KMS may have imported. */
type Outcome =
  | { readonly kind: 'accepted'; readonly answer: ImportAnswer }
  | { readonly kind: 'parameters-refused' | 'uncertain'; readonly error: unknown };

/** Sends the request. An error is part of the outcome. */
export async function send(request: ImportRequest, context: RequestContext): Promise<Outcome> {
  const { kms, signal } = context;
  try {
    const answer = await retryWhileAbsent(() => kms.importKeyMaterial(request, signal), context);
    return { kind: 'accepted', answer };
  } catch (error) {
    const refused = error instanceof ByokError && error.code === 'IMPORT_PARAMETERS_REFUSED';
    return { kind: refused ? 'parameters-refused' : 'uncertain', error };
  }
}

/** Whether KMS shows the material as the request asked for it. */
export function isAsRequested(material: ObservedMaterial, request: ImportRequest): boolean {
  return (
    isImported(material) &&
    material.validTo === request.validTo &&
    // A replica has the description of the primary key, and takes none of its own.
    (request.KeyMaterialDescription === undefined ||
      sameDescription(material.description, request.KeyMaterialDescription))
  );
}
