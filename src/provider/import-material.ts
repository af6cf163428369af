import { createHash } from 'node:crypto';
import { markedDescription } from '../domain/description';
import { declaredExpiry, toWholeSeconds, validToAt } from '../domain/expiry';
import type { Fingerprint } from '../domain/fingerprint';
import {
  findMaterial,
  needsImportableKey,
  takesDescription,
  planImport,
  type ImportPlan,
} from '../domain/import-plan';
import { importableKeySpec } from '../domain/key-specs';
import { isImported, type ObservedKey, type ObservedMaterial } from '../domain/observation';
import type { ImportRequest, Kms } from '../kms/index';
import type { Material } from '../material/material';
import type { SourceReference } from '../material/source-reference';
import type { RandomBytes } from '../wrap/wrap';
import { borrowMaterial, type BorrowContext, type Borrowed } from './borrow-material';
import { canonical } from './canonical';
import { importParameters } from './import-parameters';
import type { CheckedInputs, ImportReceipt, ProvenInputs } from './inputs';
import { poll, retryWhileAbsent, type Patience } from './operation';

/** What an import reaches for. */
export interface ImportContext extends Patience, BorrowContext {
  readonly kms: Kms;
  readonly now: () => Date;
  readonly random: RandomBytes;
}

/** What is known of the material from state, once this resource has imported it. */
export interface Earlier {
  readonly keyMaterialId?: string | undefined;
  readonly importReceipt?: ImportReceipt | undefined;
  readonly materialSource?: SourceReference | undefined;
  readonly materialFingerprint?: Fingerprint | undefined;
  /** Import although the key holds what is declared. */
  readonly reimport?: boolean | undefined;
}

/** An import that KMS has accepted, or found to be there already. */
export interface Imported {
  /** The key as it was before. */
  readonly key: ObservedKey;
  readonly keyMaterialId: string | undefined;
  readonly materialFingerprint: Fingerprint;
  readonly importReceipt: ImportReceipt | undefined;
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
  inputs: CheckedInputs,
  earlier: Earlier | undefined,
  context: ImportContext,
): Promise<Imported> {
  const { kms, signal } = context;
  const key = await retryWhileAbsent(() => kms.observeKey(inputs.keyId, signal), context);
  needsImportableKey(key, inputs);
  let borrowed: Borrowed | undefined;
  try {
    let materialFingerprint = knownFingerprint(inputs, earlier);
    if (materialFingerprint === undefined) {
      borrowed = await borrowMaterial(inputs, earlier?.materialFingerprint, context);
      materialFingerprint = borrowed.fingerprint;
    }
    const proven = { ...inputs, materialFingerprint };
    const plan = planFor(proven, earlier, key, context);
    if (plan.action === 'keep') {
      return {
        key,
        keyMaterialId: plan.material.keyMaterialId,
        materialFingerprint,
        importReceipt: earlier?.importReceipt,
        isSettled: isImported,
      };
    }
    borrowed ??= await borrowMaterial(inputs, earlier?.materialFingerprint, context);
    return await callImport(proven, earlier, key, plan, borrowed.material, context);
  } finally {
    borrowed?.giveBack();
  }
}

// A source that is not read at preview is taken to hold what it held at the last import, as long as
// it is the same source.
function knownFingerprint(
  inputs: CheckedInputs,
  earlier: Earlier | undefined,
): Fingerprint | undefined {
  const same = canonical(inputs.materialSource) === canonical(earlier?.materialSource);
  return inputs.materialFingerprint ?? (same ? earlier?.materialFingerprint : undefined);
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
  return poll(
    async () => {
      const key = await context.kms.observeKey(inputs.keyId, context.signal);
      const material = findMaterial(key, sought);
      return material !== undefined && imported.isSettled(material) ? { key, material } : undefined;
    },
    `the import of material into ${imported.key.keyArn}`,
    context,
  );
}

type ToImport = Extract<ImportPlan, { readonly action: 'import' }>;

async function callImport(
  inputs: ProvenInputs,
  earlier: Earlier | undefined,
  key: ObservedKey,
  plan: ToImport,
  material: Material,
  context: ImportContext,
): Promise<Imported> {
  const { kms, now, signal } = context;
  material.needsFit(importableKeySpec(key.keySpec), key.region);
  const { publicKey, importToken, ...wrapping } = await importParameters(
    inputs,
    key,
    material,
    context,
  );
  const instant = now();
  const request: ImportRequest = {
    keyId: inputs.keyId,
    importToken,
    encryptedKeyMaterial: material.wrapFor({ ...wrapping, publicKey }, context.random),
    validTo: plan.validTo ?? validToAt(declaredExpiry(inputs), instant),
    importType: plan.importType,
    keyMaterialId: plan.keyMaterialId,
    keyMaterialDescription: takesDescription(key)
      ? markedDescription(inputs.materialFingerprint, inputs.keyMaterialDescription)
      : undefined,
  };
  const receipt: ImportReceipt = {
    ...wrapping,
    wrappingPublicKeySha256: createHash('sha256').update(publicKey).digest('hex'),
    importedAt: toWholeSeconds(instant),
  };
  try {
    const { keyMaterialId, requestId } = await kms.importKeyMaterial(request, signal);
    return {
      key,
      keyMaterialId,
      materialFingerprint: inputs.materialFingerprint,
      importReceipt: { ...receipt, requestId },
      isSettled: (observed) => isAsRequested(observed, request),
    };
  } catch (error) {
    const again = await planAgain(inputs, earlier, key, plan, context);
    if (again === undefined) throw error;
    return callImport(inputs, earlier, key, again, material, context);
  }
}

// A request may have done its work although its response was lost, and its repetition is then
// refused as NEW. Where the key now knows the material, it is imported under the guard of its ID,
// which also proves that it is the same.
async function planAgain(
  inputs: ProvenInputs,
  earlier: Earlier | undefined,
  before: ObservedKey,
  failed: ToImport,
  context: ImportContext,
): Promise<ToImport | undefined> {
  if (failed.keyMaterialId !== undefined || !before.listsMaterials) return undefined;
  const key = await context.kms.observeKey(inputs.keyId, context.signal).catch(() => before);
  if (findMaterial(key, { fingerprint: inputs.materialFingerprint }) === undefined)
    return undefined;
  const plan = planFor(inputs, earlier, key, context);
  return plan.action === 'import' ? plan : undefined;
}

function planFor(
  inputs: ProvenInputs,
  earlier: Earlier | undefined,
  key: ObservedKey,
  { now }: ImportContext,
): ImportPlan {
  return planImport(
    key,
    {
      fingerprint: inputs.materialFingerprint,
      expiry: declaredExpiry(inputs),
      importType: inputs.importType,
      description: inputs.keyMaterialDescription,
      earlier,
    },
    now(),
    earlier?.reimport,
  );
}

function isAsRequested(material: ObservedMaterial, request: ImportRequest): boolean {
  return (
    isImported(material) &&
    material.validTo === request.validTo &&
    // A replica has the description of the primary key, and takes none of its own.
    (request.keyMaterialDescription === undefined ||
      material.description === request.keyMaterialDescription)
  );
}
