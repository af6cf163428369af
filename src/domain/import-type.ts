/** AWS's enum `ImportType`. */
export const IMPORT_TYPES = ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] as const;

/**
 * AWS's enum `ImportType`.
 *
 * @useDeclaredType
 */
export type ImportType = (typeof IMPORT_TYPES)[number];
