import { createHash } from 'node:crypto';
import { markedDescription } from '../domain/description';
import { declaredExpiry, toWholeSeconds, validToAt } from '../domain/expiry';
import { parseKeyReference } from '../domain/identifiers';
import {
  findMaterial,
  needsImportableKey,
  planImport,
  type ImportPlan,
} from '../domain/import-plan';
import { importableKeySpec } from '../domain/key-specs';
import { isImported, type ObservedKey, type ObservedMaterial } from '../domain/observation';
import { chooseWrapping } from '../domain/wrapping';
import { ByokError, needs } from '../errors';
import type { ImportRequest, Kms } from '../kms/index';
import type { Material } from '../material/material';
import { isReadable } from '../material/source-reference';
import { openSource } from '../material/sources';
import type { RandomBytes } from '../wrap/wrap';
import type { CheckedInputs, ImportReceipt } from './inputs';
import { poll, retryWhileAbsent, type Patience } from './operation';
import type { Vault } from './vault';

/** What an import reaches for. */
export interface ImportContext extends Patience {
  readonly kms: Kms;
  readonly now: () => Date;
  readonly random: RandomBytes;
  readonly env: NodeJS.ProcessEnv;
  readonly vault: Vault;
}

/** What is known of the material from state, once this resource has imported it. */
export interface Earlier {
  readonly keyMaterialId?: string | undefined;
  readonly importReceipt?: ImportReceipt | undefined;
  /** Import although the key holds what is declared. */
  readonly reimport?: boolean | undefined;
}

/** An import that KMS has accepted, or found to be there already. */
export interface Imported {
  /** The key as it was before. */
  readonly key: ObservedKey;
  readonly keyMaterialId: string | undefined;
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
  const { kms, now, signal } = context;
  const key = await retryWhileAbsent(() => kms.observeKey(inputs.keyId, signal), context);
  needsImportableKey(key, inputs);
  const plan = planImport(
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
  if (plan.action === 'keep') {
    return {
      key,
      keyMaterialId: plan.material.keyMaterialId,
      importReceipt: earlier?.importReceipt,
      isSettled: isImported,
    };
  }
  const { material, done } = await openMaterial(inputs, context);
  try {
    const imported = await callImport(inputs, key, plan, material, context);
    done();
    return imported;
  } finally {
    if (isReadable(inputs.materialSource)) material.close();
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
    fingerprint: inputs.materialFingerprint,
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

async function callImport(
  inputs: CheckedInputs,
  key: ObservedKey,
  plan: Extract<ImportPlan, { readonly action: 'import' }>,
  material: Material,
  context: ImportContext,
): Promise<Imported> {
  const { kms, now, signal } = context;
  const keySpec = importableKeySpec(key.keySpec);
  const wrapping = chooseWrapping(keySpec, inputs, key.region);
  material.needsFit(keySpec, key.region);
  const { publicKey, importToken } = await retryWhileAbsent(
    () => kms.getImportParameters(inputs.keyId, wrapping, signal),
    context,
  );
  const instant = now();
  const request: ImportRequest = {
    keyId: inputs.keyId,
    importToken,
    encryptedKeyMaterial: material.wrapFor({ ...wrapping, publicKey }, context.random),
    validTo: validToAt(declaredExpiry(inputs), instant),
    importType: plan.importType,
    keyMaterialId: plan.keyMaterialId,
    keyMaterialDescription: key.listsMaterials
      ? markedDescription(inputs.materialFingerprint, inputs.keyMaterialDescription)
      : undefined,
  };
  const receipt: ImportReceipt = {
    ...wrapping,
    wrappingPublicKeySha256: createHash('sha256').update(publicKey).digest('hex'),
    importedAt: toWholeSeconds(instant),
  };
  const isSettled = (observed: ObservedMaterial): boolean => isAsRequested(observed, request);
  try {
    const { keyMaterialId, requestId } = await kms.importKeyMaterial(request, signal);
    return { key, keyMaterialId, importReceipt: { ...receipt, requestId }, isSettled };
  } catch (error) {
    // The request may have done its work although its response was lost, and a repetition of it is
    // then refused. Only the key can tell, and only where it lists its materials; other keys take
    // the repetition.
    if (!key.listsMaterials) throw error;
    const after = await kms.observeKey(inputs.keyId, signal).catch(() => key);
    const there = findMaterial(after, {
      fingerprint: inputs.materialFingerprint,
      keyMaterialId: plan.keyMaterialId,
    });
    if (there === undefined || !isSettled(there)) throw error;
    return { key, keyMaterialId: there.keyMaterialId, importReceipt: receipt, isSettled };
  }
}

function isAsRequested(material: ObservedMaterial, request: ImportRequest): boolean {
  return (
    isImported(material) &&
    material.validTo === request.validTo &&
    material.description === request.keyMaterialDescription
  );
}

// Reads the source again, at the last moment, and makes sure that it still is what was previewed.
async function openMaterial(
  inputs: CheckedInputs,
  { vault, env }: ImportContext,
): Promise<{ readonly material: Material; readonly done: () => void }> {
  const { materialSource, materialFingerprint } = inputs;
  if (!isReadable(materialSource)) {
    const material = vault.lend(materialFingerprint);
    needs(
      material !== undefined,
      'MATERIAL_MISSING',
      'the material is needed for an import and the program does not give it (it was removed, or is under ignoreChanges): give it again',
    );
    return {
      material,
      done: () => {
        vault.release(materialFingerprint);
      },
    };
  }
  const material = await openSource(materialSource, {}, { env });
  if (material.fingerprint(parseKeyReference(inputs.keyId)) !== materialFingerprint) {
    material.close();
    throw new ByokError(
      'MATERIAL_CHANGED',
      'the source of the material changed between the preview and the import: nothing was imported; run the update again',
    );
  }
  return { material, done: () => undefined };
}
