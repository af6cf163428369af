import { parseBundle, parseWrapped } from './bundle';
import { readRegularFile } from './regular-file';
import type { PrewrappedSource } from './source';
import type { WrappedReference } from './source-reference';
import { WrappedMaterial } from './wrapped-material';

/**
 * Reads a bundle and the file of the material that was wrapped for it.
 *
 * @throws {@link ByokError} `MATERIAL_FILE_*`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`, `BUNDLE_MISMATCH`,
 * `WRAPPED_LENGTH`
 */
export const wrappedSource: PrewrappedSource<WrappedReference> = {
  async open({ bundle, ciphertext }) {
    const text = async (path: string, name: string): Promise<string> =>
      (await readRegularFile(path, `material.wrapped.${name}`)).toString('utf8');
    return new WrappedMaterial(
      parseBundle(await text(bundle, 'bundle')),
      parseWrapped(await text(ciphertext, 'ciphertext')),
    );
  },
};
