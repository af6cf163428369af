import * as z from 'zod';
import { HEX_64 } from '../domain/identifiers';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../domain/key-specs';
import { assert } from '../errors';
import { assertWrappedId, parseBundle, parseWrapped } from './bundle';
import { readRegularFile } from './regular-file';
import { namedPath } from './shown-name';
import type { WrappedReference } from './references';
import type { PrewrappedSource } from './source';
import { WrappedMaterial } from './wrapped-material';

const path = z.string().min(1);
const wrapped = z.strictObject({ bundle: path, ciphertext: path, id: path }).partial();

export interface WrappedDeclared {
  readonly wrapped: z.infer<typeof wrapped>;
}

/**
 * Reads a bundle and the file of the material that was wrapped for it.
 *
 * @throws {@link ByokError} `MATERIAL_FILE_*`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`, `BUNDLE_MISMATCH`,
 * `WRAPPED_LENGTH`, `WRAPPED_ID`
 */
export const wrappedSource: PrewrappedSource<WrappedDeclared, WrappedReference> = {
  members: { wrapped },
  reference: {
    bundle: z.string(),
    ciphertext: z.string(),
    id: z.string(),
    parametersValidTo: z.string().optional(),
    wrappingAlgorithm: z.enum(WRAPPING_ALGORITHMS).optional(),
    wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS).optional(),
  },
  isLocal: true,
  isReadable: true,
  refer({ wrapped: { bundle, ciphertext, id } }) {
    assert(
      bundle !== undefined && ciphertext !== undefined,
      'MATERIAL_SOURCE',
      'material.wrapped is incomplete: give the paths of the bundle and of the ciphertext that was wrapped for it',
    );
    assert(
      id !== undefined && HEX_64.test(id),
      'WRAPPED_ID',
      'material.wrapped.id is missing, or is not 64 hex digits in lower case: give the wrapped id that kms-byok wrap printed, as the people who wrapped report it, and not the one in the file',
    );
    return { kind: 'wrapped', bundle, ciphertext, id };
  },
  async open({ bundle, ciphertext, id }) {
    const text = async (file: string, name: string): Promise<string> =>
      (await readRegularFile(file, namedPath(`material.wrapped.${name}`, file))).toString('utf8');
    const wrapped = parseWrapped(await text(ciphertext, 'ciphertext'));
    const material = new WrappedMaterial(parseBundle(await text(bundle, 'bundle')), wrapped);
    // Last, because an error of the files themselves explains more. State from before ids has no id.
    assertWrappedId(wrapped, id);
    return material;
  },
};
