import { asJson } from '../protocol';
import { withoutMark } from '../../domain/fingerprint';
import { takesDescription } from '../../domain/import-plan';
import type { CheckedInputs } from './inputs';
import { OUTPUT_NAMES, outputsOf, type Observation, type Outputs } from './outputs';

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
