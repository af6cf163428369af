import type { ShownResource } from '../../support/policy-process';
import { externalKey, KEY_ARN, material, materialOf, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const production = { tags: { Environment: 'Production' } };
const guarded = { deleteUnlessUsedWithin: '30d' };
const alias = (name: string): ShownResource => ({
  type: 'aws:kms/alias:Alias',
  name: 'alias',
  dependsOn: { targetKeyId: ['key'] },
  props: { name, targetKeyId: UNKNOWN },
});

export const deletionGuard: RuleCases = {
  rule: 'byok-deletion-guard',
  violates: {
    'the key is tagged': [[externalKey(production), materialOf('key')], ['material']],
    'a default tag of the aws provider is on the key': [
      [externalKey({ tagsAll: { stage: 'prod' } }), materialOf('key')],
      ['material'],
    ],
    'the key is named so': [
      [externalKey({}, { name: 'paymentsProd' }), materialOf('paymentsProd')],
      ['material'],
    ],
    'the material of a key of another stack is named so': [
      [material({ keyId: KEY_ARN }, { name: 'prod-root' })],
      ['prod-root'],
    ],
    'an alias is named so': [
      [externalKey(), materialOf('key'), alias('alias/production/root')],
      ['material'],
    ],
    'the guard is too short': [
      [externalKey(production), materialOf('key', { deleteUnlessUsedWithin: '29d23h' })],
      ['material'],
    ],
  },
  passes: {
    'it is guarded': [externalKey(production), materialOf('key', guarded)],
    'it is guarded for longer': [
      externalKey(production),
      materialOf('key', { deleteUnlessUsedWithin: '5w' }),
    ],
    'the key is no production key': [
      externalKey({ tags: { environment: 'test', owner: 'production' } }),
      materialOf('key'),
      alias('alias/products/root'),
    ],
    'the key is not known, and nothing is named so': [material({ keyId: UNKNOWN })],
  },
  undecided: {
    'the tag is unknown': [externalKey({ tags: { environment: UNKNOWN } }), materialOf('key')],
    'the guard is unknown': [
      externalKey(production),
      materialOf('key', { deleteUnlessUsedWithin: UNKNOWN }),
    ],
  },
  configured: {
    'another word means production': [
      { words: ['live'] },
      [externalKey({ tags: { env: 'live' } }), materialOf('key')],
      ['material'],
    ],
    'another tag means production': [
      { tags: ['Tier'] },
      [externalKey({ tags: { tier: 'prod', environment: 'test' } }), materialOf('key')],
      ['material'],
    ],
    'a shorter guard suffices': [
      { minimum: '7d' },
      [externalKey(production), materialOf('key', { deleteUnlessUsedWithin: '7d' })],
      [],
    ],
  },
};
