import { ByokError, needs } from '../errors';
import { isChinaRegion } from './identifiers';

/** The key specs whose material this version imports. */
export const IMPORTABLE_KEY_SPECS = ['SYMMETRIC_DEFAULT'] as const;

/** A KMS `KeySpec` whose material can be imported by this package. */
export type ImportableKeySpec = (typeof IMPORTABLE_KEY_SPECS)[number];

/**
 * Narrows the key spec that KMS reports, or that a program declares.
 *
 * @throws {@link ByokError} `KEY_SPEC_UNSUPPORTED`
 */
export function importableKeySpec(keySpec: string): ImportableKeySpec {
  const known = IMPORTABLE_KEY_SPECS.find((spec) => spec === keySpec);
  needs(
    known !== undefined,
    'KEY_SPEC_UNSUPPORTED',
    `material of this key spec cannot be imported; keySpec is one of ${IMPORTABLE_KEY_SPECS.join(', ')}`,
  );
  return known;
}

/**
 * The number of bytes that SYMMETRIC_DEFAULT takes: 32 (AES-256), and 16 in the China Regions,
 * where it is SM4 (AWS KMS Developer Guide, importing-keys-conceptual).
 */
export function symmetricMaterialLength(region: string | undefined): number {
  return region !== undefined && isChinaRegion(region) ? 16 : 32;
}

/**
 * Checks the length of raw material against the key spec.
 *
 * @throws {@link ByokError} `MATERIAL_LENGTH`
 */
export function needsMaterialLength(
  length: number,
  keySpec: ImportableKeySpec,
  region: string | undefined,
): void {
  const expected = symmetricMaterialLength(region);
  if (length === expected) return;
  throw new ByokError(
    'MATERIAL_LENGTH',
    `material is ${length} bytes long after decoding, and ${keySpec} takes exactly ${expected}; if the source is text, set its encoding (base64 or hex)`,
  );
}
