import { createHash } from 'node:crypto';
import type { ImportAnswer, ImportParameters } from '../../aws/index';
import {
  asJson,
  deriveOutputs,
  keptOutputs,
  namesOf,
  type OutputTable,
  SCHEMA_VERSION,
} from '../protocol';
import { toWholeSeconds } from '../../domain/expiry';
import { withoutMark, type Fingerprint } from '../../domain/fingerprint';
import type { CheckedInputs } from './inputs';
import { HEX_64 } from '../../domain/identifiers';
import { takesDescription } from '../../domain/import-plan';
import type { Wrapping } from '../../domain/key-specs';
import {
  countsAsDisabled,
  isImported,
  missingMaterials,
  type ObservedKey,
  type ObservedMaterial,
} from '../../domain/observation';
import type { ImportReceipt } from '../../domain/import-receipt';
import type { MaterialOwner } from '../../domain/ownership';

/** The state of one resource. `keyId` is absent if it is the ARN. */
export type State = Omit<CheckedInputs, keyof Outputs | 'keyId'> &
  Outputs & { readonly keyId?: string | undefined };

/** The part of the state that is about the material of the last import. */
export type Previous = Partial<
  Pick<
    State,
    | 'keyMaterialId'
    | 'importReceipt'
    | 'materialOwner'
    | 'materialSource'
    | 'materialFingerprint'
    | 'keyMaterialState'
    | 'wasDisabled'
  >
>;

/** Returns the ID of one material of one key: the ARN of the key, and the KeyMaterialId if KMS gives one. */
export function resourceId(keyArn: string, keyMaterialId: string | undefined): string {
  return keyMaterialId === undefined ? keyArn : `${keyArn}/${keyMaterialId}`;
}

/** Returns the ID by state. An update that replaces staged material cannot give the resource another one. */
export function presentId(id: string, { keyArn, keyMaterialId }: Partial<State>): string {
  return keyArn === undefined ? id : resourceId(keyArn, keyMaterialId);
}

/** Parses an ID, for a resource without state. */
export function parseResourceId(id: string): {
  readonly keyArn: string;
  readonly keyMaterialId: string | undefined;
} {
  const end = id.lastIndexOf('/');
  const last = id.slice(end + 1);
  return HEX_64.test(last) && id.includes(':key/')
    ? { keyArn: id.slice(0, end), keyMaterialId: last }
    : { keyArn: id, keyMaterialId: undefined };
}

/** Builds the state: the checked inputs, with the values of KMS where KMS has them. */
export function buildState(inputs: CheckedInputs, observation: Observation): State {
  const { key, material } = observation;
  return asJson<State>({
    ...inputs,
    keyId: unlessRepeated(inputs.keyId, key.keyArn),
    keyMaterialDescription: takesDescription(key)
      ? withoutMark(material?.description)
      : inputs.keyMaterialDescription,
    ...deriveOutputs(OUTPUTS, observation),
    importReceipt: keptReceipt(observation.known.importReceipt, inputs),
  });
}

/** Records new inputs that KMS does not know, and keeps every output. */
export function recordInputs(inputs: CheckedInputs, state: Partial<State>): State {
  const keyId = unlessRepeated(inputs.keyId, state.keyArn);
  const importReceipt = keptReceipt(state.importReceipt, inputs);
  return asJson<State>({ ...inputs, ...keptOutputs(OUTPUTS, state), importReceipt, keyId });
}

// A check value helps to guess weak material, so it goes as soon as the program no longer asks for it.
function keptReceipt(
  receipt: ImportReceipt | undefined,
  { recordCheckValue }: Pick<CheckedInputs, 'recordCheckValue'>,
): ImportReceipt | undefined {
  if (receipt === undefined || recordCheckValue === true) return receipt;
  const { checkValue: _gone, ...kept } = receipt;
  return kept;
}

/**
 * Returns the `keyId` that state has: none if it is the ARN. The engine writes the whole state at every step, so every
 * byte counts.
 */
export function unlessRepeated(keyId: string, keyArn: unknown): string | undefined {
  return keyId === keyArn ? undefined : keyId;
}

/**
 * Returns the receipt of an import that KMS accepted.
 *
 * @param instant - when the request was sent
 * @param earlier - the receipt of the last import of the same material by the same resource
 */
export function receiptOf(
  { wrappingAlgorithm, wrappingKeySpec, publicKey }: Wrapping & ImportParameters,
  instant: Date,
  earlier: ImportReceipt | undefined,
  {
    requestId,
    keyExchange,
    checkValue,
  }: Pick<ImportAnswer, 'requestId' | 'keyExchange'> & Pick<ImportReceipt, 'checkValue'>,
): ImportReceipt {
  const importedAt = toWholeSeconds(instant);
  return {
    wrappingAlgorithm,
    wrappingKeySpec,
    wrappingPublicKeySha256: createHash('sha256').update(publicKey).digest('hex'),
    importedAt,
    // A resource has the same material all its life. Older states have only the last import.
    firstImportedAt: earlier?.firstImportedAt ?? earlier?.importedAt ?? importedAt,
    requestId,
    keyExchange,
    checkValue,
  };
}

/**
 * The outputs, which state has in addition to the checked inputs. `validTo`, `expirationModel` and `keySpec` are
 * the values of KMS, even if the program declares others.
 */
export interface Outputs {
  readonly keyArn: string;
  readonly keySpec: string;
  readonly keyState: string;
  /** IMPORTED, or PENDING_IMPORT if the material is deleted or expired. */
  readonly importState: string;
  /** Symmetric encryption keys only. */
  readonly keyMaterialId?: string | undefined;
  /** Symmetric encryption keys only; absent if KMS no longer lists the material. */
  readonly keyMaterialState?: string | undefined;
  readonly expirationModel?: string | undefined;
  readonly validTo?: string | undefined;
  readonly materialFingerprint: Fingerprint;
  readonly importReceipt?: ImportReceipt | undefined;
  /** Mark in KMS that the material belongs to this resource: 12 hex digits. Symmetric keys only, not replicas. */
  readonly materialOwner?: MaterialOwner | undefined;
  /** Permanent materials of the key, including this one, that KMS lacks; absent if it has all. */
  readonly missingKeyMaterialIds?: readonly string[] | undefined;
  /** True if the key was disabled when it was last seen with all its material. */
  readonly wasDisabled?: boolean | undefined;
  readonly schemaVersion: number;
}

/** Everything that the outputs are made from. */
export interface Observation {
  readonly key: ObservedKey;
  /** Undefined if KMS no longer lists the material. */
  readonly material: ObservedMaterial | undefined;
  /** Facts that KMS does not show. */
  readonly known: {
    readonly materialFingerprint: Fingerprint;
    readonly keyMaterialId: string | undefined;
    readonly importReceipt: ImportReceipt | undefined;
    readonly materialOwner: MaterialOwner | undefined;
    readonly wasDisabled: boolean | undefined;
  };
}

/** Every output, and how to derive it. */
export const OUTPUTS: OutputTable<Outputs, Observation> = {
  keyArn: ({ key }) => key.keyArn,
  keySpec: ({ key }) => key.keySpec,
  keyState: ({ key }) => key.keyState,
  importState: ({ material }) =>
    material !== undefined && isImported(material) ? 'IMPORTED' : 'PENDING_IMPORT',
  keyMaterialId: ({ material, known }) => material?.keyMaterialId ?? known.keyMaterialId,
  keyMaterialState: ({ material }) => material?.keyMaterialState,
  expirationModel: ({ material }) => material?.expirationModel,
  validTo: ({ material }) => material?.validTo,
  materialFingerprint: ({ known }) => known.materialFingerprint,
  importReceipt: ({ known }) => known.importReceipt,
  materialOwner: ({ key, known }) => (takesDescription(key) ? known.materialOwner : undefined),
  missingKeyMaterialIds: ({ key }) => {
    const missing = missingMaterials(key).flatMap(({ keyMaterialId }) => keyMaterialId ?? []);
    return missing.length === 0 ? undefined : missing;
  },
  wasDisabled: ({ key, known }) => countsAsDisabled(key, known.wasDisabled) || undefined,
  schemaVersion: () => SCHEMA_VERSION,
};

/** The names of all outputs. */
export const OUTPUT_NAMES = namesOf(OUTPUTS);
