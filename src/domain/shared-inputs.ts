/**
 * The inputs of `ImportedKeyMaterial` that `ImportedKey` has too, and gives to each of its materials. Their types,
 * comments and schemas are those of `ImportedKeyMaterial`.
 */
export const SHARED_INPUTS = [
  'validTo',
  'validFor',
  'renewBefore',
  'deleteUnlessUsedWithin',
  'recordCheckValue',
  'wrappingAlgorithm',
  'wrappingKeySpec',
  'connection',
  'timeouts',
] as const;

/** The name of one of {@link SHARED_INPUTS}. */
export type SharedInput = (typeof SHARED_INPUTS)[number];
