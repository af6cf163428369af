import { externalKey, replicaKey, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

export const deletionWindow: RuleCases = {
  rule: 'byok-deletion-window',
  violates: {
    'a key has a week': [[externalKey({ deletionWindowInDays: 7 })], ['key']],
    'a replica has a week': [
      [replicaKey({ deletionWindowInDays: 7 }, { dependsOn: {} })],
      ['replica'],
    ],
  },
  passes: {
    'it is left to AWS': [externalKey({ deletionWindowInDays: undefined })],
    'it is 30 days': [externalKey(), replicaKey()],
  },
  undecided: { 'the window is unknown': [externalKey({ deletionWindowInDays: UNKNOWN })] },
  configured: {
    '14 days are enough': [
      { minimumDays: 14 },
      [externalKey({ deletionWindowInDays: 14 }), replicaKey({ deletionWindowInDays: 13 })],
      ['replica'],
    ],
  },
};
