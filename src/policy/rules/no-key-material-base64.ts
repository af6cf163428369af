import { z } from 'zod';
import { isGiven } from '../property';
import { EXTERNAL_KEYS } from '../resource-types';
import { resourceRule } from '../rule';

/** Refuses material that the aws provider would keep in state. */
export const noKeyMaterialBase64 = resourceRule({
  id: 'byok-no-key-material-base64',
  sentence: 'No key of the aws provider has its material in keyMaterialBase64.',
  why: 'The aws provider keeps keyMaterialBase64 in state, so everybody who can read the state and decrypt its secrets has the root key. It also wraps under RSA_2048 only, and replaces the key when the property changes.',
  fix: 'Leave keyMaterialBase64 out and import with ImportedKeyMaterial. Material that has been in a state counts as disclosed to its readers: rotate it.',
  severity: 'critical',
  tags: ['secrets', 'state'],
  types: EXTERNAL_KEYS,
  settings: z.object({}),
  *check({ props }) {
    if (isGiven(props, 'keyMaterialBase64')) {
      yield 'keyMaterialBase64 is given, and will be in state: import the material with ImportedKeyMaterial.';
    }
  },
});
