import { omitUndefined } from '../../domain/omit-undefined';
import { ownerOf, withoutMark, type Fingerprint } from '../../domain/fingerprint';
import { takesDescription } from '../../domain/import-plan';
import { isImported, type ObservedKey, type ObservedMaterial } from '../../domain/observation';
import { PROVIDER_TEXTS } from '../../domain/provider-text';
import { TYPE_TOKENS } from '../../domain/type-tokens';
import { assert } from '../../errors';
import { buildState, resourceId } from '../../provider/imported-key-material/state';
import type { Io } from '../io';
import type { NamedSource } from '../material-option';
import { checkedInputs } from './checked-inputs';
import type { ProviderConnection } from './provider-connection';

/** One resource of an import file. */
export interface ImportedResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The declaration that a program needs so that the next preview shows no change. */
export interface DeclaredResource {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Material of a key, as a program would have imported it. */
export interface Adoption {
  readonly resource: ImportedResource;
  readonly declared: DeclaredResource;
}

/** Options of commands that write an import file. */
export interface FormOptions {
  readonly native?: true;
}

/** Material to adopt, and its key. */
export interface ToAdopt {
  readonly name: string;
  readonly keyId: string;
  readonly key: ObservedKey;
  readonly material: ObservedMaterial;
  readonly source: NamedSource;
  readonly materialFingerprint: Fingerprint;
  /** The owner that an import has just written; undefined if nothing was imported, or no owner was known before. */
  readonly materialOwner?: string | undefined;
  /** A rolling expiry in place of the one that the material has. */
  readonly validFor?: string | undefined;
  readonly renewBefore?: string | undefined;
  /** The aws provider that manages the key; absent if the stack does not have the key. */
  readonly provider?: ProviderConnection | undefined;
  /** Whether the resource is one of the native plugin. */
  readonly isNative: boolean;
}

/**
 * Makes the state that an import by the provider would have left. The code of the provider checks the inputs
 * and builds the outputs, so they cannot differ from its own.
 *
 * @throws {@link ByokError} `MATERIAL_OWNER`, `MATERIAL_CHANGED`, and the errors of {@link checkedInputs}
 */
export async function adoptMaterial(toAdopt: ToAdopt, io: Io): Promise<Adoption> {
  const { name, keyId, key, material, source, materialFingerprint, materialOwner } = toAdopt;
  // With the owner of another resource, either of the two would delete the material of both.
  assert(
    materialOwner !== undefined || ownerOf(material.description) === undefined,
    'MATERIAL_OWNER',
    `the material ${material.keyMaterialId ?? ''} of ${key.keyArn} belongs to a resource that imported it, which would delete it together with itself: run the command again with --reimport, which makes the new resource its owner; nothing was written`,
  );
  const description = takesDescription(key) ? withoutMark(material.description) : undefined;
  const args = omitUndefined({
    keyId,
    material: source.declared,
    keySpec: key.keySpec,
    validTo: toAdopt.validFor === undefined ? material.validTo : undefined,
    validFor: toAdopt.validFor,
    renewBefore: toAdopt.renewBefore,
    keyMaterialDescription: description,
    connection: toAdopt.provider?.connection,
  });
  const inputs = await checkedInputs(args, io);
  assert(
    inputs.materialFingerprint === undefined || inputs.materialFingerprint === materialFingerprint,
    'MATERIAL_CHANGED',
    'the source of the material changed while it was read: nothing was written',
  );
  const known = {
    materialFingerprint,
    keyMaterialId: material.keyMaterialId,
    importReceipt: undefined,
    materialOwner,
    wasDisabled: undefined,
  };
  const state = buildState(inputs, { key, material, known });
  const kept = toAdopt.isNative ? {} : { __provider: PROVIDER_TEXTS.ImportedKeyMaterial };
  return {
    declared: { name, args },
    resource: {
      type: TYPE_TOKENS.ImportedKeyMaterial[toAdopt.isNative ? 'native' : 'dynamic'],
      name,
      id: resourceId(key.keyArn, material.keyMaterialId),
      inputs: { ...inputs, ...kept },
      outputs: { ...state, ...kept },
    },
  };
}

/**
 * Returns the material of a key with this ID, or its only material.
 *
 * @param keyMaterialId - from an option, a proof or the fingerprint in a description; undefined if none of them
 * gives one
 * @throws {@link ByokError} `MATERIAL_NOT_IN_KEY`, `MATERIAL_AMBIGUOUS`
 */
export function chosenMaterial(
  key: ObservedKey,
  keyMaterialId: string | undefined,
): ObservedMaterial {
  const imported = key.materials.filter(isImported);
  const chosen =
    keyMaterialId === undefined
      ? imported
      : imported.filter((material) => material.keyMaterialId === keyMaterialId);
  const [material, another] = chosen;
  assert(
    material !== undefined,
    'MATERIAL_NOT_IN_KEY',
    `${key.keyArn} does not have this material: import it with ImportedKeyMaterial instead`,
  );
  assert(
    another === undefined,
    'MATERIAL_AMBIGUOUS',
    `${key.keyArn} has ${imported.length} materials, and it is not clear which of them this is: find out with --reimport, or give --key-material-id to kms-byok adopt`,
  );
  return material;
}
