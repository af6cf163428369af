import { MAX_VALIDITY_DAYS } from '../../domain/expiry';
import { typesOf } from '../../domain/type-tokens';
import { CRYPTOPERIODS, resourceRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { expiryOf } from '../stack/expiry';

/** Limits how long one import keeps material valid. */
export const maximumValidity = resourceRule({
  id: 'byok-maximum-validity',
  sentence: 'Imported key material is valid for no longer than the maximum.',
  why: `A lost or forgotten stack keeps its key usable until the validity ends. KMS accepts up to ${MAX_VALIDITY_DAYS} days.`,
  fix: 'Shorten validFor, or set an earlier validTo. The rule byok-material-expires covers material that does not expire.',
  severity: 'medium',
  tags: ['expiry'],
  framework: CRYPTOPERIODS,
  types: typesOf('ImportedKeyMaterial'),
  settings: {
    maximum: duration('180d', 'Maximum validity, counted from an import or from now.'),
  },
  *check({ props }, { maximum }, now) {
    const expiry = expiryOf(props);
    const limit = secondsOf(maximum);
    if (expiry.kind === 'rolling' && expiry.validFor > limit) {
      yield `validFor is longer than ${maximum}: shorten it.`;
    }
    if (expiry.kind === 'fixed' && (Date.parse(expiry.validTo) - now.getTime()) / 1000 > limit) {
      yield `validTo is more than ${maximum} ahead: set an earlier one.`;
    }
  },
});
