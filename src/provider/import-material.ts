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
import { ByokError } from '../errors';
import type { ImportRequest, Kms } from '../kms/index';
import type { Material } from '../material/material';
import type { SourceReference } from '../material/source-reference';
import type { RandomBytes } from '../wrap/wrap';
import { borrowMaterial, type BorrowContext, type Borrowed } from './borrow-material';
import { canonical } from './canonical';
import { parametersFor, type ParametersSource } from './import-parameters';
import type { CheckedInputs, ProvenInputs } from './inputs';
import { poll, retryWhileAbsent, type Patience } from './operation';
import type { ImportReceipt } from './outputs';
import { needsSameMaterial } from './same-material';
import { dropStaged, isReplaceable } from './staged-material';

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
  readonly keyMaterialState?: string | undefined;
  readonly wasDisabled?: boolean | undefined;
}

/** How an import is meant, beside what is declared. */
export interface Intent {
  /** Import although the key holds what is declared. */
  readonly reimport?: boolean | undefined;
  /** Whether the user was told that the life of the material becomes shorter. */
  readonly mayShorten?: boolean | undefined;
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
  known: Earlier | undefined,
  intent: Intent,
  context: ImportContext,
): Promise<Imported> {
  const { kms, signal } = context;
  const key = await retryWhileAbsent(() => kms.observeKey(inputs.keyId, signal), context);
  needsImportableKey(key, inputs);
  const bound = isReplaceable(key, known, inputs) ? undefined : known?.materialFingerprint;
  let borrowed: Borrowed | undefined;
  try {
    let materialFingerprint = knownFingerprint(inputs, known);
    if (materialFingerprint === undefined) {
      borrowed = await borrowMaterial(inputs, bound, context);
      materialFingerprint = borrowed.fingerprint;
    }
    needsSameMaterial(bound, materialFingerprint);
    const proven = { ...inputs, materialFingerprint };
    const same = known?.materialFingerprint === materialFingerprint;
    const earlier = same || known?.materialFingerprint === undefined ? known : undefined;
    const replaces = earlier === undefined ? known?.keyMaterialId : undefined;
    const planned: Planned = { inputs: proven, earlier, intent: { ...intent, replaces } };
    const plan = planFor(planned, key, context);
    if (plan.action === 'keep') {
      return {
        key,
        keyMaterialId: plan.material.keyMaterialId,
        materialFingerprint,
        importReceipt: earlier?.importReceipt,
        isSettled: isImported,
      };
    }
    borrowed ??= await borrowMaterial(inputs, bound, context);
    const parameters = parametersFor(inputs, key, borrowed.material, context);
    return await callImport(planned, key, plan, borrowed.material, { ...context, parameters });
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

/** What is to be imported, and why. */
interface Planned {
  readonly inputs: ProvenInputs;
  /** What is known of the same bytes. */
  readonly earlier: Earlier | undefined;
  readonly intent: Intent & { readonly replaces: string | undefined };
}

interface CallContext extends ImportContext {
  readonly parameters: ParametersSource;
}

async function callImport(
  planned: Planned,
  key: ObservedKey,
  plan: ToImport,
  material: Material,
  context: CallContext,
): Promise<Imported> {
  const { inputs } = planned;
  const { kms, now, signal, parameters } = context;
  material.needsFit(importableKeySpec(key.keySpec), key.region);
  const { publicKey, importToken, wrappingAlgorithm, wrappingKeySpec } = await parameters.get();
  const wrapping = { wrappingAlgorithm, wrappingKeySpec };
  const instant = now();
  const request: ImportRequest = {
    keyId: key.keyArn,
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
    firstImportedAt: firstImportOf(planned.earlier) ?? toWholeSeconds(instant),
  };
  if (plan.replaces !== undefined) await dropStaged(key, plan.replaces, context);
  try {
    const { keyMaterialId, requestId } = await retryWhileAbsent(
      () => kms.importKeyMaterial(request, signal),
      context,
    );
    return {
      key,
      keyMaterialId,
      materialFingerprint: inputs.materialFingerprint,
      importReceipt: { ...receipt, requestId },
      isSettled: (observed) => isAsRequested(observed, request),
    };
  } catch (error) {
    const refused = error instanceof ByokError && error.code === 'IMPORT_PARAMETERS_REFUSED';
    if (refused && parameters.renew()) return callImport(planned, key, plan, material, context);
    const again = await planAgain(planned, key, plan, context);
    if (again === undefined) throw withHeldMaterials(error, key);
    return callImport(planned, key, again, material, context);
  }
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
    `${error.sentence}. ${key.keyArn} has the KeyMaterialId ${held.join(', ')}`,
    { cause: error },
  );
}

// A resource is one material for all of its life. State of before this was kept has the last import.
function firstImportOf(earlier: Earlier | undefined): string | undefined {
  return earlier?.importReceipt?.firstImportedAt ?? earlier?.importReceipt?.importedAt;
}

// A request may have done its work although its response was lost, and its repetition is then
// refused as NEW. Where the key now knows the material, it is imported under the guard of its ID,
// which also proves that it is the same.
async function planAgain(
  planned: Planned,
  before: ObservedKey,
  failed: ToImport,
  context: ImportContext,
): Promise<ToImport | undefined> {
  if (failed.keyMaterialId !== undefined || !before.listsMaterials) return undefined;
  const { keyId, materialFingerprint: fingerprint } = planned.inputs;
  const key = await context.kms.observeKey(keyId, context.signal).catch(() => before);
  // As if nothing were known of it: what this request did is proved by the next.
  const plan = (): ImportPlan => planFor({ ...planned, earlier: undefined }, key, context);
  if (findMaterial(key, { fingerprint }) === undefined) {
    // Where another run has staged its material since, the refusal of KMS does not say so.
    if (failed.importType === 'NEW_KEY_MATERIAL') plan();
    return undefined;
  }
  const again = plan();
  return again.action === 'import' ? again : undefined;
}

function planFor(
  { inputs, earlier, intent }: Planned,
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
      ...intent,
    },
    now(),
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
