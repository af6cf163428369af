import { externalKey, material, replicaKey, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

export const noKeyMaterialBase64: RuleCases = {
  rule: 'byok-no-key-material-base64',
  violates: {
    'a key is given material': [
      [externalKey({ keyMaterialBase64: 'c2VjcmV0LXNlY3JldA==' })],
      ['key'],
    ],
    'a replica is given material': [
      [externalKey(), replicaKey({ keyMaterialBase64: 'c2VjcmV0LXNlY3JldA==' })],
      ['replica'],
    ],
    'the material is unknown in a preview': [
      [externalKey({ keyMaterialBase64: UNKNOWN })],
      ['key'],
    ],
  },
  passes: {
    'it is left out': [externalKey(), replicaKey()],
    'it is null': [externalKey({ keyMaterialBase64: null })],
    'material is imported': [externalKey(), material()],
  },
  undecided: {},
  configured: {
    'the key is excepted': [
      { except: ['key'] },
      [
        externalKey({ keyMaterialBase64: 'c2VjcmV0LXNlY3JldA==' }),
        replicaKey({ keyMaterialBase64: 'c2VjcmV0LXNlY3JldA==' }),
      ],
      ['replica'],
    ],
  },
};
