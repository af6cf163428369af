import { typesOf } from '../../../src/domain/type-tokens';
import { inDays, material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const none = { validFor: undefined, renewBefore: undefined };

export const materialExpires: RuleCases = {
  rule: 'byok-material-expires',
  violates: {
    'no expiry is declared': [[material(none)], ['material']],
    'the expiry is null': [[material({ ...none, validTo: null })], ['material']],
    'it is declared that it does not expire': [
      [material({ ...none, expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' })],
      ['material'],
    ],
  },
  passes: {
    'validFor is declared': [material()],
    'validTo is declared': [material({ ...none, validTo: inDays(20) })],
  },
  undecided: {
    'validTo is unknown': [material({ ...none, validTo: UNKNOWN })],
    'validFor is unknown': [material({ ...none, validFor: UNKNOWN })],
  },
  configured: {
    'the material is excepted by its URN': [
      {
        except: typesOf('ImportedKeyMaterial').map(
          (type) => `urn:pulumi:test::project::${type}::material`,
        ),
      },
      [material(none)],
      [],
    ],
  },
};
