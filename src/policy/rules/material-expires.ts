import { typesOf } from '../../domain/type-tokens';
import { CRYPTOPERIODS, resourceRule } from '../rule';
import { expiryOf } from '../stack/expiry';

/** Requires an expiry. */
export const materialExpires = resourceRule({
  id: 'byok-material-expires',
  sentence: 'Imported key material expires.',
  why: 'Material without an expiry stays in KMS until somebody deletes it. With an expiry, access ends by itself if nobody renews the material.',
  fix: "Declare validFor with renewBefore, such as '90d' and '30d', or validTo.",
  severity: 'medium',
  tags: ['expiry'],
  framework: CRYPTOPERIODS,
  types: typesOf('ImportedKeyMaterial'),
  settings: {},
  *check({ props }) {
    if (expiryOf(props).kind === 'never') {
      yield 'Neither validFor nor validTo is declared: declare validFor with renewBefore.';
    }
  },
});
