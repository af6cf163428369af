import { withoutMark } from '../domain/description';
import { takesDescription } from '../domain/import-plan';
import type { Fingerprint } from '../domain/fingerprint';
import {
  isImported,
  missingMaterials,
  type ObservedKey,
  type ObservedMaterial,
} from '../domain/observation';
import type { CheckedInputs, ImportReceipt, Outputs, State } from './inputs';

/** The version of what stands in state; every later version reads every earlier one. */
export const SCHEMA_VERSION = 1;

/** Names one material on one key: the ARN of the key, and the KeyMaterialId where KMS gives one. */
export function resourceId(keyArn: string, keyMaterialId: string | undefined): string {
  return keyMaterialId === undefined ? keyArn : `${keyArn}/${keyMaterialId}`;
}

/** Takes an ID apart again, for a resource of which nothing else is known. */
export function parseResourceId(id: string): {
  readonly keyArn: string;
  readonly keyMaterialId: string | undefined;
} {
  const match = /^(.+:key\/[^/]+)(?:\/([0-9a-f]{64}))?$/.exec(id);
  return { keyArn: match?.[1] ?? id, keyMaterialId: match?.[2] };
}

/**
 * Puts together what stands in state: the checked inputs, and over them what KMS holds.
 *
 * @param material - undefined when the key no longer knows the material
 */
export function buildState(
  inputs: CheckedInputs,
  key: ObservedKey,
  material: ObservedMaterial | undefined,
  known: {
    readonly materialFingerprint: Fingerprint;
    readonly keyMaterialId: string | undefined;
    readonly importReceipt: ImportReceipt | undefined;
    readonly wasDisabled: boolean | undefined;
  },
): State {
  const missing = missingMaterials(key).flatMap(({ keyMaterialId }) => keyMaterialId ?? []);
  const disabled =
    key.keyState === 'Disabled' || (key.keyState === 'PendingImport' && known.wasDisabled === true);
  return asJson<State>({
    ...inputs,
    keyId: unlessRepeated(inputs.keyId, key.keyArn),
    keyMaterialDescription: takesDescription(key)
      ? withoutMark(material?.description)
      : inputs.keyMaterialDescription,
    keyArn: key.keyArn,
    keySpec: key.keySpec,
    keyState: key.keyState,
    importState: material !== undefined && isImported(material) ? 'IMPORTED' : 'PENDING_IMPORT',
    keyMaterialId: material?.keyMaterialId ?? known.keyMaterialId,
    keyMaterialState: material?.keyMaterialState,
    expirationModel: material?.expirationModel,
    validTo: material?.validTo,
    materialFingerprint: known.materialFingerprint,
    importReceipt: known.importReceipt,
    missingKeyMaterialIds: missing.length === 0 ? undefined : missing,
    wasDisabled: disabled ? true : undefined,
    schemaVersion: SCHEMA_VERSION,
  });
}

const OUTPUTS = [
  'keyArn',
  'keySpec',
  'keyState',
  'importState',
  'keyMaterialId',
  'keyMaterialState',
  'expirationModel',
  'validTo',
  'materialFingerprint',
  'importReceipt',
  'missingKeyMaterialIds',
  'wasDisabled',
  'schemaVersion',
] as const satisfies readonly (keyof Outputs)[];

/** Takes up new inputs of which KMS knows nothing; what KMS holds stays as it was read. */
export function recordInputs(inputs: CheckedInputs, state: Partial<State>): State {
  const held = Object.fromEntries(OUTPUTS.map((name) => [name, state[name]]));
  const keyId = unlessRepeated(inputs.keyId, state.keyArn);
  return asJson({ ...inputs, ...held, keyId } as State);
}

// Every byte of state is written at every step of an update, for every resource.
function unlessRepeated(keyId: string, keyArn: string | undefined): string | undefined {
  return keyId === keyArn ? undefined : keyId;
}

/** The protocol takes JSON and nothing else; anything more fails after the call to KMS was made. */
export function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
