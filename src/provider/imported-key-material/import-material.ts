import {
  assertSameMaterial,
  markedDescription,
  ownerOf,
  sameDescription,
  type Fingerprint,
} from '../../domain/fingerprint';
import { declaredExpiry, validToAt } from '../../domain/expiry';
import {
  findMaterial,
  assertImportableKey,
  isReplaceable,
  takesDescription,
  planImport,
  type ImportDeclaration,
  type ImportPlan,
} from '../../domain/import-plan';
import { isImported, type ObservedKey, type ObservedMaterial } from '../../domain/observation';
import { assertNotRepeated } from '../../domain/listed-material';
import {
  assertNotAnothers,
  newOwner,
  ownerFromBefore,
  type MaterialOwner,
} from '../../domain/ownership';
import { assert, ByokError } from '../../errors';
import type { ImportAnswer, ImportRequest, KmsClient } from '../../aws/index';
import type { Material, RandomBytes } from '../../material/material';
import { parametersFor, receiptOf, type Parameters } from './import-parameters';
import type { CheckedInputs } from './inputs';
import { pollUntil, retryWhileAbsent, type WaitOptions } from '../wait';
import type { Previous } from './state';
import { knownFingerprint, LazyMaterial, type ReadContext } from './read-material';

/** What an import reaches for. */
export interface ImportContext extends WaitOptions, ReadContext {
  readonly kms: KmsClient;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** How an import is meant, beside what is declared. */
export interface Intent {
  /** Import although the key holds what is declared. */
  readonly reimport?: boolean | undefined;
  /** Whether the user was told that the life of the material becomes shorter. */
  readonly mayShorten?: boolean | undefined;
  /** Whether the material stays that of the resource that imported it last; it becomes its own otherwise. */
  readonly keepOwner?: boolean | undefined;
}

/** An import that KMS has accepted, or found to be there already. */
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
 * Brings the material of a key to what is declared: observes the key, decides, and imports where
 * that is needed. Repeating it after an interruption at any point ends the same.
 *
 * @throws {@link ByokError} as the rules of `domain/import-plan`, the source and KMS say
 */
export async function importMaterial(
  desired: CheckedInputs,
  previous: Previous | undefined,
  intent: Intent,
  context: ImportContext,
): Promise<Imported> {
  const { kms, now, signal } = context;
  const key = await retryWhileAbsent(() => kms.observeKey(desired.keyId, signal), context);
  assertImportableKey(key, desired);
  const required = isReplaceable(key, previous, desired)
    ? undefined
    : previous?.materialFingerprint;
  const source = new LazyMaterial(desired, required, context);
  try {
    const fingerprint = knownFingerprint(desired, previous) ?? (await source.open()).fingerprint;
    assertSameMaterial(required, fingerprint);
    if (desired.list !== undefined) assertNotRepeated(fingerprint, desired.list);
    const before = previous?.materialFingerprint;
    const isOther = before !== undefined && before !== fingerprint;
    const earlier = isOther ? undefined : previous;
    const materialOwner = ownerAtImport(key, previous, context);
    const declaration: ImportDeclaration = {
      fingerprint,
      expiry: declaredExpiry(desired),
      importType: desired.importType,
      description: desired.keyMaterialDescription,
      replaces: isOther ? previous?.keyMaterialId : undefined,
      ...intent,
    };
    let plan = planImport(key, { ...declaration, earlier }, now());
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
    const { material } = await source.open();
    const parameters = parametersFor(desired, key, material, context);
    for (;;) {
      const wrapping = await parameters.get();
      const instant = now();
      const owner = intent.keepOwner === true ? heldOwner(key, declaration, plan) : materialOwner;
      const request = requestFor(
        plan,
        { ...declaration, owner },
        key,
        material,
        wrapping,
        instant,
        context,
      );
      if (plan.replaces !== undefined) {
        await dropStaged(key, plan.replaces, previous?.materialOwner, context);
      }
      const outcome = await send(request, context);
      if (outcome.kind === 'accepted') {
        return {
          key,
          keyMaterialId: outcome.answer.keyMaterialId,
          materialFingerprint: fingerprint,
          importReceipt: receiptOf(wrapping, instant, earlier?.importReceipt, outcome.answer),
          materialOwner: owner,
          isSettled: (observed) => isAsRequested(observed, request),
        };
      }
      if (outcome.kind === 'parameters-refused' && parameters.renew()) continue;
      plan = await planAgain(plan, declaration, key, outcome.error, context);
    }
  } finally {
    source.close();
  }
}

/**
 * Waits until KMS shows the material as it was imported. It waits for this material alone: the
 * key itself stays in PendingImport while others of its materials are missing.
 *
 * @throws {@link ByokError} `TIMEOUT`, `KMS_*`
 */
export async function awaitImport(
  inputs: CheckedInputs,
  imported: Imported,
  context: ImportContext,
): Promise<{ readonly key: ObservedKey; readonly material: ObservedMaterial }> {
  const sought = {
    fingerprint: imported.materialFingerprint,
    keyMaterialId: imported.keyMaterialId,
  };
  return pollUntil(
    async () => {
      const key = await context.kms.observeKey(inputs.keyId, context.signal);
      const material = findMaterial(key, sought);
      return material !== undefined && imported.isSettled(material) ? { key, material } : undefined;
    },
    `the import of material into ${imported.key.keyArn}`,
    context,
  );
}

interface Owned {
  readonly owner: MaterialOwner | undefined;
}

function ownerAtImport(
  { keyArn }: ObservedKey,
  previous: Previous | undefined,
  { random }: ImportContext,
): MaterialOwner {
  if (previous === undefined) return newOwner(random);
  return previous.materialOwner ?? ownerFromBefore(keyArn, previous.keyMaterialId);
}

function heldOwner(
  key: ObservedKey,
  { fingerprint }: ImportDeclaration,
  { keyMaterialId }: ToImport,
): MaterialOwner | undefined {
  return ownerOf(findMaterial(key, { fingerprint, keyMaterialId })?.description);
}

type ToImport = Extract<ImportPlan, { readonly action: 'import' }>;

function requestFor(
  plan: ToImport,
  { fingerprint, expiry, description, owner }: ImportDeclaration & Owned,
  key: ObservedKey,
  material: Material,
  { publicKey, importToken, wrappingAlgorithm, wrappingKeySpec }: Parameters,
  instant: Date,
  { random }: ImportContext,
): ImportRequest {
  return {
    keyId: key.keyArn,
    importToken,
    encryptedKeyMaterial: material.wrapFor(
      { wrappingAlgorithm, wrappingKeySpec, publicKey },
      random,
    ),
    validTo: plan.validTo ?? validToAt(expiry, instant),
    importType: plan.importType,
    keyMaterialId: plan.keyMaterialId,
    keyMaterialDescription: takesDescription(key)
      ? markedDescription(fingerprint, description, owner)
      : undefined,
  };
}

/** What became of a request. After an error that says nothing of it, KMS may have done its work. */
type Outcome =
  | { readonly kind: 'accepted'; readonly answer: ImportAnswer }
  | { readonly kind: 'parameters-refused' | 'uncertain'; readonly error: unknown };

async function send(request: ImportRequest, context: ImportContext): Promise<Outcome> {
  const { kms, signal } = context;
  try {
    const answer = await retryWhileAbsent(() => kms.importKeyMaterial(request, signal), context);
    return { kind: 'accepted', answer };
  } catch (error) {
    const refused = error instanceof ByokError && error.code === 'IMPORT_PARAMETERS_REFUSED';
    return { kind: refused ? 'parameters-refused' : 'uncertain', error };
  }
}

// A request may have done its work although its response was lost, and its repetition is then
// refused as NEW. Where the key now knows the material, it is imported under the guard of its ID,
// which also proves that it is the same.
async function planAgain(
  failed: ToImport,
  declaration: ImportDeclaration,
  before: ObservedKey,
  error: unknown,
  { kms, now, signal }: ImportContext,
): Promise<ToImport> {
  const guarded = failed.keyMaterialId !== undefined || !before.listsMaterials;
  if (!guarded) {
    const key = await kms.observeKey(before.keyArn, signal).catch(() => before);
    const isKnown = findMaterial(key, declaration) !== undefined;
    // Where another run has staged its material since, the refusal of KMS does not say so, and the plan does.
    if (isKnown || failed.importType === 'NEW_KEY_MATERIAL') {
      // As if nothing were known of it: what this request did is proved by the next.
      const plan = planImport(key, declaration, now());
      if (isKnown && plan.action === 'import') return plan;
    }
  }
  throw withHeldMaterials(error, before);
}

// KMS refuses other material without a word about what it holds.
function withHeldMaterials(error: unknown, key: ObservedKey): unknown {
  const held = key.materials.flatMap(({ keyMaterialId, keyMaterialState }) =>
    keyMaterialId === undefined ? [] : `${keyMaterialId} (${keyMaterialState ?? 'unknown'})`,
  );
  if (!(error instanceof ByokError) || error.code !== 'MATERIAL_REFUSED' || held.length === 0) {
    return error;
  }
  return new ByokError(
    'MATERIAL_REFUSED',
    `${error.reason}. ${key.keyArn} has the KeyMaterialId ${held.join(', ')}`,
    { cause: error },
  );
}

function isAsRequested(material: ObservedMaterial, request: ImportRequest): boolean {
  return (
    isImported(material) &&
    material.validTo === request.validTo &&
    // A replica has the description of the primary key, and takes none of its own.
    (request.keyMaterialDescription === undefined ||
      sameDescription(material.description, request.keyMaterialDescription))
  );
}

/**
 * Deletes staged material, by its ID, and not while a rotation makes it permanent.
 *
 * @throws {@link ByokError} `ROTATION_IN_PROGRESS`, `MATERIAL_OWNER`, `KMS_*`, `TIMEOUT`
 */
async function dropStaged(
  key: ObservedKey,
  keyMaterialId: string,
  owner: MaterialOwner | undefined,
  { kms, signal }: { readonly kms: KmsClient; readonly signal: AbortSignal },
): Promise<void> {
  const { keyArn, keyState } = key;
  const staged = key.materials.find((material) => material.keyMaterialId === keyMaterialId);
  if (staged !== undefined) assertNotAnothers(key, staged, owner);
  // A key that lacks material does not rotate, and KMS answers no question about its rotations.
  const isRotating = keyState !== 'PendingImport' && (await kms.isRotating(keyArn, signal));
  assert(
    !isRotating,
    'ROTATION_IN_PROGRESS',
    `${keyArn} is being rotated to the material that was to be replaced (KeyMaterialId ${keyMaterialId}): let the rotation end, run pulumi refresh, and stage further material with a further resource`,
  );
  await kms.deleteKeyMaterial(keyArn, keyMaterialId, signal);
}
