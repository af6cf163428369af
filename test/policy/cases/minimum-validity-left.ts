import { inDays, material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const until = (validTo: unknown) =>
  material({ validFor: undefined, renewBefore: undefined, validTo });

export const minimumValidityLeft: RuleCases = {
  rule: 'byok-minimum-validity-left',
  violates: {
    'a fixed expiry is near': [[until(inDays(3))], ['material']],
    'the expiry has passed': [[until(inDays(-1))], ['material']],
    'a renewal did not happen': [[material({ validTo: inDays(6) })], ['material']],
    'it is renewed too late by declaration': [[material({ renewBefore: '2d' })], ['material']],
    'another expiry is unknown': [
      [until(inDays(3)), { ...until(UNKNOWN), name: 'other' }],
      ['material'],
    ],
  },
  passes: {
    'a fixed expiry is far': [until(inDays(30))],
    'it is renewed in time': [material({ validTo: inDays(40) })],
    'it is imported in this run': [material()],
    'it does not expire': [until(undefined)],
  },
  undecided: { 'the expiry is unknown': [until(UNKNOWN)] },
  configured: {
    '20 days are asked for': [{ minimum: '20d' }, [until(inDays(10))], ['material']],
    'a day is enough': [{ minimum: '1d' }, [until(inDays(3))], []],
  },
};
