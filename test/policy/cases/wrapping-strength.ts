import { material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

export const wrappingStrength: RuleCases = {
  rule: 'byok-wrapping-strength',
  violates: {
    'the wrapping key is RSA_2048': [[material({ wrappingKeySpec: 'RSA_2048' })], ['material']],
    'the algorithm uses SHA-1': [
      [material({ wrappingAlgorithm: 'RSAES_OAEP_SHA_1' })],
      ['material'],
    ],
    'a private key is wrapped with SHA-1': [
      [material({ wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_1' })],
      ['material'],
    ],
    'the bundle of a ceremony is weak': [
      [
        material({
          materialSource: {
            kind: 'wrapped',
            bundle: 'bundle.json',
            ciphertext: 'wrapped.json',
            id: '0'.repeat(64),
            wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
            wrappingKeySpec: 'RSA_2048',
          },
        }),
      ],
      ['material', 'material'],
    ],
    'both are weak': [
      [material({ wrappingAlgorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_2048' })],
      ['material', 'material'],
    ],
  },
  passes: {
    'nothing is declared': [material()],
    'the wrapping key is RSA_3072': [
      material({ wrappingKeySpec: 'RSA_3072', wrappingAlgorithm: 'RSAES_OAEP_SHA_256' }),
    ],
  },
  undecided: {
    'the source is unknown': [material({ materialSource: UNKNOWN })],
    'the wrapping key is unknown': [material({ wrappingKeySpec: UNKNOWN })],
    'the algorithm is unknown': [material({ wrappingAlgorithm: UNKNOWN })],
  },
  configured: {
    'RSA_4096 is the minimum': [
      { minimumKeySpec: 'RSA_4096' },
      [material({ wrappingKeySpec: 'RSA_3072' })],
      ['material'],
    ],
    'RSA_2048 is enough': [
      { minimumKeySpec: 'RSA_2048' },
      [material({ wrappingKeySpec: 'RSA_2048' })],
      [],
    ],
  },
};
