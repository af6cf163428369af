import type { Fingerprint } from '../domain/fingerprint';
import { parseKeyReference } from '../domain/identifiers';
import { ByokError, needs } from '../errors';
import type { AwsSecrets } from '../material/aws-secrets';
import type { Material } from '../material/material';
import { openSource } from '../material/open-source';
import { isLocal, isReadable } from '../material/source-reference';
import type { CheckedInputs } from './inputs';
import { needsSameMaterial } from './same-material';
import type { Vault } from './vault';

/** What the reading of material reaches for. */
export interface BorrowContext {
  readonly env: NodeJS.ProcessEnv;
  readonly vault: Vault;
  readonly connectSecrets: () => Promise<AwsSecrets>;
  readonly commandTimeLimit?: number | undefined;
  readonly signal: AbortSignal;
}

/** Material for the length of one import. */
export interface Borrowed {
  readonly material: Material;
  readonly fingerprint: Fingerprint;
  /** Erases the material, unless the vault owns it. */
  readonly giveBack: () => void;
}

/**
 * Reads the source of the material, at the last moment, and makes sure that it holds what was
 * previewed, or what this resource imported earlier.
 *
 * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_CHANGED`, `MATERIAL_DIFFERS`, `MATERIAL_*` of
 * the source
 */
export async function borrowMaterial(
  inputs: CheckedInputs,
  imported: Fingerprint | undefined,
  context: BorrowContext,
): Promise<Borrowed> {
  const { materialSource, materialFingerprint: previewed } = inputs;
  const key = parseKeyReference(inputs.keyId);
  if (isLocal(materialSource) && !isReadable(materialSource) && previewed !== undefined) {
    const material = given(context.vault.lend(previewed));
    return { material, fingerprint: previewed, giveBack: () => undefined };
  }
  const declared = isReadable(materialSource)
    ? {}
    : given(context.vault.lendSource(key, materialSource));
  const material = await openSource(materialSource, declared, context);
  try {
    const fingerprint = material.fingerprint(key);
    if (previewed !== undefined && fingerprint !== previewed) {
      throw new ByokError(
        'MATERIAL_CHANGED',
        'the source of the material changed between the preview and the import: nothing was imported; run the update again',
      );
    }
    needsSameMaterial(imported, fingerprint);
    return {
      material,
      fingerprint,
      giveBack: () => {
        material.close();
      },
    };
  } catch (error) {
    material.close();
    throw error;
  }
}

function given<T>(value: T | undefined): T {
  needs(
    value !== undefined,
    'MATERIAL_MISSING',
    'the material is needed for an import and the program does not give it (it was removed, or is under ignoreChanges): give it again',
  );
  return value;
}
