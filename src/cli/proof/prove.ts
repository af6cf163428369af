import { timingSafeEqual } from 'node:crypto';
import { marksMaterial } from '../../domain/fingerprint';
import { assertImportableKey } from '../../domain/import-plan';
import { importableKeySpec, materialKind } from '../../domain/key-specs';
import { isImported, type ObservedKey, type ObservedMaterial } from '../../domain/observation';
import { parseKeyReference } from '../../domain/identifiers';
import type { KeyProof } from '../../aws/key-proof';
import { givesMac, givesPublicKey, type MacHash } from '../../material/material-proof';
import type { Material } from '../../material/material';
import type { RandomBytes } from '../../material/wrap';

/** Whether a key has some material. */
export interface Verdict {
  /**
   * `same`: the key has it. `different`: the key has other material. `absent`: the key has none.
   * `unproved`: no call that leaves the key as it is can answer.
   */
  readonly verdict: 'same' | 'different' | 'absent' | 'unproved';
  /** The call or the fact that decides, or the reason why nothing can. */
  readonly evidence: string;
  /** ID of the material; only for symmetric keys. */
  readonly keyMaterialId?: string | undefined;
  /** Owner of the material, if the proof has changed it. */
  readonly materialOwner?: string | undefined;
}

/**
 * Finds out whether a key has the material, with calls that change nothing: the MAC of a random message
 * for HMAC keys, the public key for asymmetric keys. No call reveals the material of a symmetric key. Its
 * description may carry the fingerprint, but everybody who may import can write that.
 *
 * @throws {@link ByokError} `KEY_ORIGIN`, `KEY_PENDING_DELETION`, `KEY_SPEC_UNSUPPORTED`,
 * `MATERIAL_LENGTH`, `MATERIAL_KEY_TYPE`, `MATERIAL_KEY_FORMAT`, `KMS_*`
 */
export async function prove(
  key: ObservedKey,
  material: Material,
  keyProof: KeyProof,
  random: RandomBytes,
): Promise<Verdict> {
  assertImportableKey(key, {});
  const keySpec = importableKeySpec(key.keySpec);
  material.assertFits(keySpec, key.region);
  if (key.listsMaterials) return proveSymmetric(key, material);
  if (!key.materials.some(isImported)) {
    return { verdict: 'absent', evidence: 'the key has no material' };
  }
  if (materialKind(keySpec).kind === 'hmac' && givesMac(material)) {
    return proveMac(key, material.mac.bind(material), keyProof, random);
  }
  if (!givesPublicKey(material)) {
    return { verdict: 'unproved', evidence: 'this source reveals no bytes to compare' };
  }
  const publicKey = await keyProof.publicKey(key.keyArn);
  return {
    verdict: material.publicKey().equals(publicKey) ? 'same' : 'different',
    evidence: 'its public key was compared with GetPublicKey',
  };
}

const MESSAGE_BYTES = 32;

async function proveMac(
  { keyArn, keySpec, keyState }: ObservedKey,
  mac: (hash: MacHash, message: Uint8Array) => Buffer,
  keyProof: KeyProof,
  random: RandomBytes,
): Promise<Verdict> {
  if (keyState !== 'Enabled') {
    return {
      verdict: 'unproved',
      evidence: `KMS computes a MAC only with an enabled key, and this one is ${keyState}`,
    };
  }
  const size = keySpec.slice('HMAC_'.length) as '224' | '256' | '384' | '512';
  const message = random(MESSAGE_BYTES);
  const own = mac(`sha${size}`, message);
  const theirs = await keyProof.mac(keyArn, `HMAC_SHA_${size}`, message);
  const same = theirs.length === own.length && timingSafeEqual(theirs, own);
  return {
    verdict: same ? 'same' : 'different',
    evidence: 'its HMAC of a random message was compared with GenerateMac',
  };
}

async function proveSymmetric(key: ObservedKey, material: Material): Promise<Verdict> {
  const marked = await markedMaterial(key, material);
  if (marked !== undefined) {
    return isImported(marked)
      ? {
          verdict: 'unproved',
          keyMaterialId: marked.keyMaterialId,
          evidence:
            'the description of one of its materials has this fingerprint, but everybody who may import can write a description; --reimport proves it',
        }
      : {
          verdict: 'absent',
          keyMaterialId: marked.keyMaterialId,
          evidence: 'the material with this fingerprint was deleted or has expired',
        };
  }
  return key.materials.some(isImported)
    ? {
        verdict: 'unproved',
        evidence: 'no call reveals the material of a symmetric key; --reimport proves it',
      }
    : { verdict: 'absent', evidence: 'the key has no material' };
}

/** Returns the material of the key whose description has the fingerprint of this material. */
export async function markedMaterial(
  key: ObservedKey,
  material: Material,
): Promise<ObservedMaterial | undefined> {
  const fingerprint = await material.fingerprint(parseKeyReference(key.keyArn));
  return key.materials.find(({ description }) => marksMaterial(description, fingerprint));
}
