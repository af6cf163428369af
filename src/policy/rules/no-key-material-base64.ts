import { isGiven } from '../property';
import { EXTERNAL_KEYS } from '../resource-types';
import { resourceRule } from '../rule';

/** Refuses material that the aws provider would keep in state. */
export const noKeyMaterialBase64 = resourceRule({
  id: 'byok-no-key-material-base64',
  sentence: 'No key of the aws provider has its material in keyMaterialBase64.',
  why: 'The aws provider keeps keyMaterialBase64 in state, so everybody who can read the state and decrypt its secrets has the root key. It also wraps only with RSA_2048, and replaces the key when the property changes.',
  fix: 'Remove keyMaterialBase64 and import the material with ImportedKeyMaterial. Treat material that has been in state as disclosed to everybody who could read the state: rotate it.',
  severity: 'critical',
  tags: ['secrets', 'state'],
  types: EXTERNAL_KEYS,
  settings: {},
  *check({ props }) {
    if (isGiven(props, 'keyMaterialBase64')) {
      yield 'keyMaterialBase64 is set, so the material will be in state: import it with ImportedKeyMaterial.';
    }
  },
});
