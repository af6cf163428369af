import { z } from 'zod';
import { MAX_VALIDITY_DAYS } from '../../domain/expiry';
import { IMPORTED_KEY_MATERIAL } from '../../domain/type-tokens';
import { CRYPTOPERIODS, resourceRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { expiryOf } from '../stack/expiry';

/** Bounds how long material is valid from one import. */
export const maximumValidity = resourceRule({
  id: 'byok-maximum-validity',
  sentence: 'Imported key material is valid for no longer than the maximum.',
  why: `The validity is how long a lost or forgotten stack keeps a key usable. KMS accepts up to ${MAX_VALIDITY_DAYS} days.`,
  fix: 'Shorten validFor, or bring validTo nearer. Material that does not expire is the business of byok-material-expires.',
  severity: 'medium',
  tags: ['expiry'],
  framework: CRYPTOPERIODS,
  types: [IMPORTED_KEY_MATERIAL],
  settings: z.object({
    maximum: duration('180d', 'The longest validity, from an import or from now.'),
  }),
  *check({ props }, { maximum }, now) {
    const expiry = expiryOf(props);
    const limit = secondsOf(maximum);
    if (expiry.kind === 'rolling' && expiry.validFor > limit) {
      yield `validFor is longer than ${maximum}: shorten it.`;
    }
    if (expiry.kind === 'fixed' && (Date.parse(expiry.validTo) - now.getTime()) / 1000 > limit) {
      yield `validTo is more than ${maximum} ahead: bring it nearer.`;
    }
  },
});
