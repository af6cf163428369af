import { assertClocksAgree, assertValidToInRange, declaredExpiry } from '../../domain/expiry';
import { areDifferent, newOwner, ownerOf, type Fingerprint } from '../../domain/fingerprint';
import {
  findMaterial,
  assertImportableKey,
  isReplaceable,
  planImport,
  type ImportDeclaration,
} from '../../domain/import-plan';
import { isImported, type ObservedKey, type ObservedMaterial } from '../../domain/observation';
import type { MaterialOwner } from '../../domain/ownership';
import { ByokError } from '../../errors';
import {
  checkValueFor,
  isAsRequested,
  parametersFor,
  requestFor,
  send,
  type PlannedImport,
  type RequestContext,
} from './import-request';
import type { CheckedInputs } from './inputs';
import { retryWhileAbsent } from '../wait';
import { receiptOf, type Previous } from './state';
import { LazyMaterial, type ReadContext } from './read-material';
import { deleteStaged } from './staging';

/** Dependencies of an import. */
export type ImportContext = RequestContext & ReadContext;

/** Options of one import that the program does not declare. */
export interface Intent {
  /** Import although KMS has what the program declares. */
  readonly reimport?: boolean | undefined;
  /** Whether a preview has shown that the material will expire earlier. */
  readonly mayShorten?: boolean | undefined;
  /** Whether the resource that imported the material last remains its owner. Default: this resource becomes it. */
  readonly keepOwner?: boolean | undefined;
}

/** An import that KMS has accepted, or that was not needed. */
export interface Imported {
  /** The key as it was before. */
  readonly key: ObservedKey;
  readonly keyMaterialId: string | undefined;
  readonly materialFingerprint: Fingerprint;
  readonly importReceipt: Previous['importReceipt'];
  readonly materialOwner: MaterialOwner | undefined;
  /** Whether this is the material, in the state that was asked for. */
  readonly isSettled: (material: ObservedMaterial) => boolean;
}

/**
 * Ensures that a key has the material that the program declares: observes the key, decides, and imports if needed.
 * Repeating it after an interruption at any point has the same result.
 *
 * @throws {@link ByokError} as the rules of `domain/import-plan`, the source and KMS say
 */
export async function importMaterial(
  desired: CheckedInputs,
  previous: Previous | undefined,
  intent: Intent,
  context: ImportContext,
): Promise<Imported> {
  const { kms, random, signal } = context;
  const key = await retryWhileAbsent(() => kms.observeKey(desired.keyId, signal), context);
  // KMS compares each date of an import with its own clock.
  const now = (): Date => new Date(context.now().getTime() + (key.clockDifference ?? 0));
  assertImportableKey(key, desired);
  const mayDiffer = isReplaceable(key, previous, desired);
  const lazy = new LazyMaterial(desired, previous, mayDiffer, context);
  try {
    const fingerprint = await lazy.fingerprint();
    const before = previous?.materialFingerprint;
    // If other bytes may be staged, a fingerprint that proves nothing counts as other bytes.
    const isOther =
      before !== undefined &&
      (areDifferent(before, fingerprint) || (mayDiffer && before !== fingerprint));
    const earlier = isOther ? undefined : previous;
    const declaration: ImportDeclaration = {
      ...desired,
      fingerprint,
      expiry: declaredExpiry(desired),
      replaces: isOther ? previous?.keyMaterialId : undefined,
      ...intent,
    };
    // A fingerprint that cannot be compared is renewed only by an import, which proves that the material is the same.
    const isUnproven = before !== fingerprint;
    const known = before === undefined ? undefined : earlier;
    let plan = planImport(key, { ...declaration, earlier: known, isUnproven }, now());
    if (plan.action === 'keep') {
      return {
        key,
        keyMaterialId: plan.material.keyMaterialId,
        materialFingerprint: fingerprint,
        importReceipt: earlier?.importReceipt,
        materialOwner: previous?.materialOwner,
        isSettled: isImported,
      };
    }
    if (declaration.expiry.kind !== 'never') assertClocksAgree(context.now(), now());
    if (declaration.expiry.kind === 'fixed' && plan.validTo === undefined) {
      assertValidToInRange(declaration.expiry.validTo, now());
    }
    const material = await lazy.open();
    // A resource that was adopted has no owner before its first import: another one may have the same state.
    const own = previous?.materialOwner ?? newOwner(random);
    const owner = intent.keepOwner ? undefined : own;
    const parameters = parametersFor(desired, key, material, { ...context, now });
    const checkValue = await checkValueFor(desired, key, material);
    for (;;) {
      const wrapping = await parameters.get();
      const instant = now();
      const decided = { key, plan, declaration, material, owner };
      const request = await requestFor(decided, wrapping, instant, context);
      if (plan.replaces !== undefined) {
        await deleteStaged(key, plan.replaces, previous?.materialOwner, context);
      }
      const outcome = await send(request, context);
      if (outcome.kind === 'accepted') {
        return {
          key,
          keyMaterialId: outcome.answer.keyMaterialId,
          materialFingerprint: await lazy.fingerprint(),
          importReceipt: receiptOf(wrapping, instant, earlier?.importReceipt, {
            ...outcome.answer,
            checkValue,
          }),
          materialOwner: ownerOf(request.KeyMaterialDescription),
          isSettled: (observed) => isAsRequested(observed, request),
        };
      }
      if (outcome.kind === 'parameters-refused' && parameters.renew()) continue;
      plan = await planAgain(plan, declaration, key, outcome.error, { ...context, now });
    }
  } finally {
    lazy.close();
  }
}

// KMS may have imported although its response was lost, and then refuses the repetition as NEW. If the key
// now has the material, the next request imports it under the guard of its ID, which also proves that it is
// the same.
async function planAgain(
  failed: PlannedImport,
  declaration: ImportDeclaration,
  before: ObservedKey,
  error: unknown,
  { kms, now, signal }: ImportContext,
): Promise<PlannedImport> {
  const guarded = failed.keyMaterialId !== undefined || !before.listsMaterials;
  if (!guarded) {
    const key = await kms.observeKey(before.keyArn, signal).catch(() => before);
    const isKnown = findMaterial(key, declaration) !== undefined;
    // If another run has staged its material since, the error of the plan says so, unlike that of KMS.
    if (isKnown || failed.importType === 'NEW_KEY_MATERIAL') {
      // Without `earlier`: only the next request proves what this one did.
      const plan = planImport(key, declaration, now());
      if (isKnown && plan.action === 'import') return plan;
    }
  }
  throw withMaterialIds(error, before);
}

// When KMS refuses other material, it does not say which material the key has.
function withMaterialIds(error: unknown, key: ObservedKey): unknown {
  const ids = key.materials.flatMap(({ keyMaterialId, keyMaterialState }) =>
    keyMaterialId === undefined ? [] : `${keyMaterialId} (${keyMaterialState ?? 'unknown'})`,
  );
  if (!(error instanceof ByokError) || error.code !== 'MATERIAL_REFUSED' || ids.length === 0) {
    return error;
  }
  return new ByokError(
    'MATERIAL_REFUSED',
    `${error.reason}. ${key.keyArn} has the KeyMaterialId ${ids.join(', ')}`,
    { cause: error },
  );
}
