import { externalKey, material, replicaKey, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const open = { protect: false };

export const protect: RuleCases = {
  rule: 'byok-protect',
  violates: {
    'a key is open': [[externalKey({}, open)], ['key']],
    'a replica is open': [[replicaKey({}, { ...open, dependsOn: {} })], ['replica']],
    'material is open': [[material({}, open)], ['material']],
    'deletionProtection is false': [[material({ deletionProtection: false }, open)], ['material']],
  },
  passes: {
    'all are protected': [externalKey(), replicaKey(), material()],
    'material has deletionProtection': [material({ deletionProtection: true }, open)],
  },
  undecided: {
    'deletionProtection is unknown': [material({ deletionProtection: UNKNOWN }, open)],
  },
  configured: {
    'material need not be': [
      { materials: false },
      [material({}, open), externalKey({}, open)],
      ['key'],
    ],
    'keys need not be': [
      { keys: false },
      [material({}, open), externalKey({}, open)],
      ['material'],
    ],
  },
};
