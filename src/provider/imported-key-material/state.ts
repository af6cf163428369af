import { asJson, SCHEMA_VERSION } from '../protocol';
import { withoutMark, type Fingerprint } from '../../domain/fingerprint';
import type { CheckedInputs } from './inputs';
import { takesDescription } from '../../domain/import-plan';
import {
  countsAsDisabled,
  isImported,
  missingMaterials,
  type ObservedKey,
  type ObservedMaterial,
} from '../../domain/observation';
import type { WrappingAlgorithm, WrappingKeySpec } from '../../domain/key-specs';
import type { MaterialOwner } from '../../domain/ownership';

/** What state holds for one resource. `keyId` is absent where it is the ARN. */
export type State = Omit<CheckedInputs, keyof Outputs | 'keyId'> &
  Outputs & { readonly keyId?: string | undefined };

/** What state says of the material, once the resource has imported it. */
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

/** Makes the state: the checked inputs, overridden by what KMS holds. */
export function buildState(inputs: CheckedInputs, observation: Observation): State {
  const { key, material } = observation;
  return asJson<State>({
    ...inputs,
    keyId: unlessRepeated(inputs.keyId, key.keyArn),
    keyMaterialDescription: takesDescription(key)
      ? withoutMark(material?.description)
      : inputs.keyMaterialDescription,
    ...outputsOf(observation),
  });
}

/** Takes up new inputs that KMS knows nothing of, and keeps every output as it was read. */
export function recordInputs(inputs: CheckedInputs, state: Partial<State>): State {
  const outputs = Object.fromEntries(OUTPUT_NAMES.map((name) => [name, state[name]]));
  const keyId = unlessRepeated(inputs.keyId, state.keyArn);
  return asJson({ ...inputs, ...outputs, keyId } as State);
}

// Every byte of state is written at every step of an update, for every resource.
function unlessRepeated(keyId: string, keyArn: string | undefined): string | undefined {
  return keyId === keyArn ? undefined : keyId;
}

/** How the material reached KMS in the last import by this resource. */
export interface ImportReceipt {
  readonly wrappingAlgorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
  /** SHA-256 of the wrapping public key (DER SubjectPublicKeyInfo), hex. */
  readonly wrappingPublicKeySha256: string;
  /** RFC 3339, whole seconds, UTC, by the clock of the machine that ran the update. */
  readonly importedAt: string;
  /** The same of the first import by this resource, which renewals do not change. */
  readonly firstImportedAt?: string | undefined;
  /** AWS request ID of ImportKeyMaterial; absent when its response was lost. */
  readonly requestId?: string | undefined;
}

/**
 * The outputs, which state holds beside the checked inputs. `validTo`, `expirationModel` and `keySpec` are
 * what KMS holds, also where the program declares something else.
 */
export interface Outputs {
  readonly keyArn: string;
  readonly keySpec: string;
  readonly keyState: string;
  /** IMPORTED, or PENDING_IMPORT when the material is lost or expired. */
  readonly importState: string;
  /** Symmetric encryption keys only. */
  readonly keyMaterialId?: string | undefined;
  /** Symmetric encryption keys only; absent when the key no longer knows the material. */
  readonly keyMaterialState?: string | undefined;
  readonly expirationModel?: string | undefined;
  readonly validTo?: string | undefined;
  readonly materialFingerprint: Fingerprint;
  readonly importReceipt?: ImportReceipt | undefined;
  /** What marks the material in KMS as that of this resource: 12 hex digits. Symmetric keys only, no replicas. */
  readonly materialOwner?: MaterialOwner | undefined;
  /** Permanent materials of the key, this one included, that KMS lacks; absent when it has all. */
  readonly missingKeyMaterialIds?: readonly string[] | undefined;
  /** True when the key was disabled when it was last seen with all its material. */
  readonly wasDisabled?: boolean | undefined;
  readonly schemaVersion: number;
}

/** What the outputs are made of. */
export interface Observation {
  readonly key: ObservedKey;
  /** Undefined when the key no longer knows the material. */
  readonly material: ObservedMaterial | undefined;
  /** What KMS does not say. */
  readonly known: {
    readonly materialFingerprint: Fingerprint;
    readonly keyMaterialId: string | undefined;
    readonly importReceipt: ImportReceipt | undefined;
    readonly materialOwner: MaterialOwner | undefined;
    readonly wasDisabled: boolean | undefined;
  };
}

/** Every output, and how it follows from what was observed. */
export const OUTPUTS: {
  readonly [Name in keyof Outputs]-?: (observation: Observation) => Outputs[Name];
} = {
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
export const OUTPUT_NAMES = Object.keys(OUTPUTS) as (keyof Outputs)[];

/** Makes the outputs. */
export function outputsOf(observation: Observation): Outputs {
  return Object.fromEntries(
    OUTPUT_NAMES.map((name) => [name, OUTPUTS[name](observation)]),
  ) as unknown as Outputs;
}
