import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import type { ImportableKeySpec } from '../domain/key-specs';
import type { Io } from './io';
import { namedSource, withOpenMaterial, type MaterialOptions } from './material-option';

/**
 * Returns the fingerprint of the material that the options name, without a call to AWS.
 *
 * @throws {@link ByokError} `MATERIAL_*`
 */
export function fingerprintOf(
  options: MaterialOptions,
  { key, keySpec }: { readonly key: KeyReference; readonly keySpec: ImportableKeySpec | undefined },
  io: Io,
): Promise<Fingerprint> {
  return withOpenMaterial(namedSource(options), undefined, io, async (material) => {
    material.assertFits(keySpec, key.arn?.region);
    return await material.fingerprint(key);
  });
}
