import { findMaterial } from '../../domain/import-plan';
import {
  countsAsDisabled,
  missingMaterials,
  type ObservedKey,
  type ObservedMaterial,
} from '../../domain/observation';
import { asByokError, ByokError } from '../../errors';
import type { KmsClient } from '../../aws/index';
import type { ProviderContext } from '../context';
import { pollUntil, type WaitOptions } from '../wait';
import { importMaterial, type ImportContext, type Imported, type Intent } from './import-material';
import type { CheckedInputs } from './inputs';
import { isDeposited } from './read-material';
import { buildState, resourceId, type Previous, type State } from './state';

/** Dependencies of one step on one resource, connected to the KMS of its key. */
export type StepContext = ImportContext & Omit<ProviderContext, 'connectSecrets'>;

/**
 * Imports the material that the program declares, if needed, and waits until KMS shows it.
 *
 * @throws {@link ByokError}, which has `id` and `properties` if KMS has accepted the import, so that the engine
 * keeps the state
 */
export async function reconcile(
  inputs: CheckedInputs,
  previous: Previous | undefined,
  intent: Intent,
  context: StepContext,
): Promise<{ readonly id: string; readonly outs: State }> {
  const { runRegistry, plaintexts } = context;
  // Nothing is imported if the registry cannot be written.
  runRegistry.prepare();
  const imported = await importMaterial(inputs, previous, intent, context);
  const id = resourceId(imported.key.keyArn, imported.keyMaterialId);
  const known = { ...imported, wasDisabled: previous?.wasDisabled };
  // Another resource may have deposited equal bytes: its deposit stays.
  if (isDeposited(inputs.materialSource, inputs.materialFingerprint)) {
    plaintexts.release(imported.materialFingerprint);
  }
  try {
    runRegistry.declare(id);
    const { key, material } = await awaitImport(imported, known.wasDisabled, context);
    warnOfMissing(key, context);
    return { id, outs: buildState(inputs, { key, material, known }) };
  } catch (error) {
    const observation = { key: imported.key, material: undefined, known };
    throw initFailed(id, buildState(inputs, observation), error);
  }
}

/** Warns of material that the key needs before it can be used: one line for a key, not one for each material. */
export function warnOfMissing(key: ObservedKey, { warn }: Pick<ProviderContext, 'warn'>): void {
  const ids = missingMaterials(key).map(({ keyMaterialId }) => keyMaterialId);
  if (ids.length === 0) return;
  warn?.(
    `warning: ${key.keyArn} cannot be used, because KMS lacks material of it (KeyMaterialId ${ids.join(', ')}): run an update of the program that declares it, which imports it again`,
  );
}

// If an error has an ID, the engine keeps the state of the resource, and the next update continues from it.
function initFailed(id: string, properties: State, error: unknown): ByokError {
  const { code, reason, message } = asByokError(error);
  return Object.assign(new ByokError(code, reason, { cause: error }), {
    id,
    properties,
    reasons: [message],
  });
}

/** Dependencies of the wait for an import. */
interface AwaitContext extends WaitOptions {
  readonly kms: KmsClient;
  /** Shows one line to the user. */
  readonly tell: (line: string) => void;
}

/**
 * Waits until KMS shows the material as it was imported, and disables the key again if it was disabled. It
 * waits for this material only: the key stays in PendingImport as long as others of its materials are missing.
 *
 * @param wasDisabled - whether the key was disabled when it was last seen with all its material
 * @throws {@link ByokError} `KEY_LEFT_ENABLED`, `TIMEOUT`, `KMS_*`
 */
export async function awaitImport(
  { key: before, keyMaterialId, materialFingerprint, isSettled }: Imported,
  wasDisabled: boolean | undefined,
  context: AwaitContext,
): Promise<{ readonly key: ObservedKey; readonly material: ObservedMaterial }> {
  const { kms, signal } = context;
  const { key, material } = await pollUntil(
    async () => {
      const after = await kms.observeKey(before.keyArn, signal);
      const found = findMaterial(after, { fingerprint: materialFingerprint, keyMaterialId });
      return found !== undefined && isSettled(found) ? { key: after, material: found } : undefined;
    },
    `the import of material into ${before.keyArn}`,
    context,
  );
  return { key: await keepDisabled(before, key, wasDisabled, context), material };
}

/**
 * Disables a key again that was disabled before an import and is enabled after it. KMS enables a key when
 * its missing material is imported (AWS KMS API Reference, DeleteImportedKeyMaterial and
 * ImportKeyMaterial). AWS does not document what an import does to a disabled key that has its material.
 *
 * @param wasDisabled - whether the key was disabled when it was last seen with all its material
 * @returns the key after that
 * @throws {@link ByokError} `KEY_LEFT_ENABLED`, `TIMEOUT`
 */
export async function keepDisabled(
  before: ObservedKey,
  after: ObservedKey,
  wasDisabled: boolean | undefined,
  context: AwaitContext,
): Promise<ObservedKey> {
  const { kms, signal, tell } = context;
  if (!countsAsDisabled(before, wasDisabled) || after.keyState !== 'Enabled') return after;
  const { keyArn } = after;
  await kms.disableKey(keyArn, signal).catch((error: unknown) => {
    throw new ByokError(
      'KEY_LEFT_ENABLED',
      `${keyArn} was disabled, the import enabled it, and disabling it again failed: disable it by hand (${asByokError(error).message})`,
      { cause: error },
    );
  });
  tell(`${keyArn}: was disabled, was enabled by the import, and is disabled again`);
  return pollUntil(
    async () => {
      const key = await kms.observeKey(keyArn, signal);
      return key.keyState === 'Enabled' ? undefined : key;
    },
    `KMS to disable ${keyArn}`,
    context,
  );
}
