import { z } from 'zod';
import { assert } from '../errors';
import { parseBundle, parseWrapped } from './bundle';
import { readRegularFile } from './regular-file';
import type { PrewrappedSource } from './source';
import { WrappedMaterial } from './wrapped-material';

const path = z.string().min(1);
const wrapped = z.strictObject({ bundle: path, ciphertext: path }).partial();

export interface WrappedDeclared {
  readonly wrapped: z.infer<typeof wrapped>;
}

/** Material that was wrapped elsewhere: a bundle and the ciphertext that belongs to it, by their paths. */
export interface WrappedReference {
  readonly kind: 'wrapped';
  readonly bundle: string;
  readonly ciphertext: string;
  /** RFC 3339: KMS takes the import token of the bundle until then. Known once it was read. */
  readonly parametersValidTo?: string | undefined;
}

/**
 * Reads a bundle and the file of the material that was wrapped for it.
 *
 * @throws {@link ByokError} `MATERIAL_FILE_*`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`, `BUNDLE_MISMATCH`,
 * `WRAPPED_LENGTH`
 */
export const wrappedSource: PrewrappedSource<WrappedDeclared, WrappedReference> = {
  members: { wrapped },
  reference: {
    bundle: z.string(),
    ciphertext: z.string(),
    parametersValidTo: z.string().optional(),
  },
  isLocal: true,
  isReadable: true,
  refer({ wrapped: { bundle, ciphertext } }) {
    assert(
      bundle !== undefined && ciphertext !== undefined,
      'MATERIAL_SOURCE',
      'material.wrapped is not complete: give the paths of the bundle and of the ciphertext that was wrapped for it',
    );
    return { kind: 'wrapped', bundle, ciphertext };
  },
  async open({ bundle, ciphertext }) {
    const text = async (file: string, name: string): Promise<string> =>
      (await readRegularFile(file, `material.wrapped.${name}`)).toString('utf8');
    return new WrappedMaterial(
      parseBundle(await text(bundle, 'bundle')),
      parseWrapped(await text(ciphertext, 'ciphertext')),
    );
  },
};
