import { newOwner, ownedBy, ownerOf } from '../../domain/fingerprint';
import { takesDescription } from '../../domain/import-plan';
import { importableKeySpec, chooseWrapping } from '../../domain/key-specs';
import { isImported, type ObservedKey } from '../../domain/observation';
import { ByokError } from '../../errors';
import type { KmsClient } from '../../aws/index';
import type { Material } from '../../material/material';
import { keepDisabled } from '../../provider/imported-key-material/reconcile';
import type { Io } from '../io';
import { markedMaterial, type Verdict } from './prove';

/**
 * Proves material of a symmetric key by importing it again with a KeyMaterialId. KMS refuses other bytes, and
 * then nothing changes. The expiry stays as it is, and so does the description, except that material that is
 * taken over gets another owner. Tries every material that the key has, including
 * staged material, because a rotation that another tool started takes KMS a minute. Does not restore material
 * that was deleted or has expired.
 *
 * @param isTakenOver - whether the material gets another owner, if it has one
 * @throws {@link ByokError} `KMS_*`
 */
export async function proveByReimport(
  key: ObservedKey,
  material: Material,
  kms: KmsClient,
  { random, sleep, stderr }: Pick<Io, 'random' | 'sleep' | 'stderr'>,
  isTakenOver = false,
): Promise<Verdict> {
  const marked = await markedMaterial(key, material);
  const candidates = key.materials
    .filter(isImported)
    // The marked material first, because it is most likely the right one.
    .sort((a, b) => Number(b === marked) - Number(a === marked));
  const signal = new AbortController().signal;
  const keySpec = importableKeySpec(key.keySpec);
  const wrapContext = { keyArn: key.keyArn, keySpec, random, signal };
  for (const { keyMaterialId, validTo, description } of candidates) {
    const taken =
      isTakenOver && takesDescription(key) ? ownedBy(newOwner(random), description) : undefined;
    // AWS documents one set of parameters for each import.
    const chosen = chooseWrapping(keySpec, {}, key.region, material.wrappingAlgorithms);
    const { importToken, ...wrapping } = material.wrappedFor ?? {
      ...chosen,
      ...(await kms.getImportParameters(key.keyArn, chosen, signal)),
    };
    try {
      await kms.importKeyMaterial(
        {
          KeyId: key.keyArn,
          ImportToken: importToken,
          EncryptedKeyMaterial: await material.wrapFor(wrapping, wrapContext),
          validTo,
          ImportType: 'EXISTING_KEY_MATERIAL',
          KeyMaterialId: keyMaterialId,
          KeyMaterialDescription: taken,
        },
        signal,
      );
      // An import may enable a key that was disabled.
      await keepDisabled(key, await kms.observeKey(key.keyArn, signal), undefined, {
        kms,
        signal,
        sleep,
        tell: (line) => void stderr.write(`${line}\n`),
      });
      return {
        verdict: 'same',
        keyMaterialId,
        materialOwner: ownerOf(taken),
        evidence: 'KMS accepted it again with its KeyMaterialId',
      };
    } catch (error) {
      if (!(error instanceof ByokError && error.code === 'MATERIAL_REFUSED')) throw error;
    }
  }
  if (candidates.length === 0) return { verdict: 'absent', evidence: 'the key has no material' };
  const lost = key.materials.length - candidates.length;
  const rest = lost === 0 ? '' : `; ${lost} that it lost cannot be compared`;
  return {
    verdict: 'different',
    evidence: `KMS refused it for each material that the key has${rest}`,
  };
}
