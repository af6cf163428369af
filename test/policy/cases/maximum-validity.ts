import { inDays, material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const until = (validTo: unknown) =>
  material({ validFor: undefined, renewBefore: undefined, validTo });

export const maximumValidity: RuleCases = {
  rule: 'byok-maximum-validity',
  violates: {
    'validTo is beyond it': [[until(inDays(181))], ['material']],
    'validFor is the longest that KMS accepts': [[material({ validFor: '365d' })], ['material']],
  },
  passes: {
    'validFor is half a year': [material({ validFor: '180d' })],
    'validTo is within it': [until(inDays(179))],
    'the material does not expire': [until(undefined)],
  },
  undecided: {
    'validTo is unknown': [until(UNKNOWN)],
    'validFor is unknown': [material({ validFor: UNKNOWN })],
  },
  configured: {
    'validFor is longer than 30 days': [{ maximum: '30d' }, [material()], ['material']],
    'validFor is exactly the maximum': [{ maximum: '60d' }, [material()], []],
    'validTo is more than 30 days ahead': [{ maximum: '30d' }, [until(inDays(31))], ['material']],
  },
};
