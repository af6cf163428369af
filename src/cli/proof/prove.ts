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
import type { Verdict } from './verdict';

/**
 * Finds out whether a key holds the material, by calls that change nothing: the MAC of a random message
 * for HMAC keys, the public key for asymmetric keys. A symmetric key answers nothing from which its
 * material could be told; what is known of it is the mark in its description, a hint that anybody can
 * forge who may import.
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
    return { verdict: 'absent', evidence: 'the key holds no material' };
  }
  if (materialKind(keySpec).kind === 'hmac' && givesMac(material)) {
    return proveMac(key, material.mac.bind(material), keyProof, random);
  }
  if (!givesPublicKey(material)) {
    return { verdict: 'unproved', evidence: 'this source shows no bytes that could be compared' };
  }
  const held = await keyProof.publicKey(key.keyArn);
  return {
    verdict: material.publicKey().equals(held) ? 'same' : 'different',
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
      evidence: `a MAC needs the key to be enabled, and it is ${keyState}`,
    };
  }
  const size = keySpec.slice('HMAC_'.length) as '224' | '256' | '384' | '512';
  const message = random(MESSAGE_BYTES);
  const own = mac(`sha${size}`, message);
  const held = await keyProof.mac(keyArn, `HMAC_SHA_${size}`, message);
  const same = held.length === own.length && timingSafeEqual(held, own);
  return {
    verdict: same ? 'same' : 'different',
    evidence: 'its HMAC of a random message was compared with GenerateMac',
  };
}

function proveSymmetric(key: ObservedKey, material: Material): Verdict {
  const marked = markedMaterial(key, material);
  if (marked !== undefined) {
    return isImported(marked)
      ? {
          verdict: 'unproved',
          keyMaterialId: marked.keyMaterialId,
          evidence:
            'the description of one of its materials has this fingerprint, which whoever may import can write there; --reimport proves it',
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
        evidence:
          'KMS says nothing from which the material of a symmetric key could be told; --reimport proves it',
      }
    : { verdict: 'absent', evidence: 'the key holds no material' };
}

/** The material whose description names the fingerprint of this one. */
export function markedMaterial(key: ObservedKey, material: Material): ObservedMaterial | undefined {
  const fingerprint = material.fingerprint(parseKeyReference(key.keyArn));
  return key.materials.find(({ description }) => marksMaterial(description, fingerprint));
}
