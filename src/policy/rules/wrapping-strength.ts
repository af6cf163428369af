import * as z from 'zod';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_BITS, WRAPPING_KEY_SPECS } from '../../domain/key-specs';
import { memberOf, textOf } from '../property';
import { typesOf } from '../../domain/type-tokens';
import { resourceRule } from '../rule';

/** Requires strong wrapping on the way to KMS. */
export const wrappingStrength = resourceRule({
  id: 'byok-wrapping-strength',
  sentence: 'Key material is wrapped for KMS with SHA-256 and a long enough wrapping key.',
  why: 'Only the wrapping protects the material between the program and the HSMs of KMS. AWS advises the longest wrapping key that is practical. The SHA-1 algorithms exist for old HSMs.',
  fix: 'Leave out wrappingAlgorithm and wrappingKeySpec: the default is the strongest that the key spec allows. At the level remediate, the pack replaces weak values.',
  severity: 'high',
  tags: ['cryptography'],
  types: typesOf('ImportedKeyMaterial'),
  settings: {
    minimumKeySpec: z
      .enum(WRAPPING_KEY_SPECS)
      .default('RSA_3072')
      .describe('Shortest accepted wrapping key.'),
  },
  *check({ props }, { minimumKeySpec }) {
    const minimumBits = WRAPPING_KEY_BITS[minimumKeySpec];
    const weak = weakParts(props, minimumKeySpec);
    if (weak.algorithm !== undefined) {
      yield 'wrappingAlgorithm uses SHA-1: leave it out, or choose its SHA_256 counterpart.';
    }
    if (weak.keySpec) {
      yield `wrappingKeySpec is shorter than the minimum of ${minimumBits} bits: leave it out.`;
    }
    // Material that was wrapped elsewhere: the bundle decided how.
    const bundle = weakParts(props.materialSource, minimumKeySpec);
    if (bundle.algorithm !== undefined) {
      yield 'its bundle asks for wrapping with SHA-1: make a bundle without --wrapping-algorithm, and wrap again.';
    }
    if (bundle.keySpec) {
      yield `its bundle has a wrapping key of less than ${minimumBits} bits: make a bundle without --wrapping-key-spec, and wrap again.`;
    }
  },
  remediate(props, { minimumKeySpec }) {
    const weak = weakParts(props, minimumKeySpec);
    // Every key spec that takes SHA-1 also takes SHA-256 (AWS KMS Developer Guide,
    // importing-keys-get-public-key-and-token).
    if (weak.algorithm !== undefined) {
      props.wrappingAlgorithm = weak.algorithm.replace(/SHA_1$/, 'SHA_256');
    }
    if (weak.keySpec) props.wrappingKeySpec = WRAPPING_KEY_SPECS[0];
    return weak.algorithm !== undefined || weak.keySpec;
  },
});

function weakParts(
  wrapping: unknown,
  minimum: (typeof WRAPPING_KEY_SPECS)[number],
): { readonly algorithm: string | undefined; readonly keySpec: boolean } {
  const algorithm = WRAPPING_ALGORITHMS.find(
    (name) => name === textOf(memberOf(wrapping, 'wrappingAlgorithm')),
  );
  const keySpec = WRAPPING_KEY_SPECS.find(
    (name) => name === textOf(memberOf(wrapping, 'wrappingKeySpec')),
  );
  return {
    algorithm: algorithm?.endsWith('_SHA_1') === true ? algorithm : undefined,
    keySpec: keySpec !== undefined && WRAPPING_KEY_BITS[keySpec] < WRAPPING_KEY_BITS[minimum],
  };
}
