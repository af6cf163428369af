import type { Fingerprint } from '../domain/fingerprint';
import { needs } from '../errors';

/**
 * Refuses other bytes for the material that a resource imported.
 *
 * @throws {@link ByokError} `MATERIAL_DIFFERS`
 */
export function needsSameMaterial(before: Fingerprint | undefined, after: Fingerprint): void {
  needs(
    before === undefined || before === after,
    'MATERIAL_DIFFERS',
    'material is not what this resource imported, and KMS takes no other bytes for the same material: to rotate a symmetric key, keep this resource and declare a further one with importType NEW_KEY_MATERIAL; otherwise create a new key. To change only where the material is read from, the bytes must be the same',
  );
}
