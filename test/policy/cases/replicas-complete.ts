import { externalKey, inDays, materialOf, replicaKey, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const print = (digit: string): string => `v1:${digit.repeat(64)}`;
const one = { materialFingerprint: print('1') };
const two = { materialFingerprint: print('2') };
const at = (name: string) => ({ name });
const fixed = (validTo: unknown) => ({ validFor: undefined, renewBefore: undefined, validTo });

const keys = [externalKey(), replicaKey()];

export const replicasComplete: RuleCases = {
  rule: 'byok-replicas-complete',
  violates: {
    'a replica has no material': [[...keys, materialOf('key', one)], ['replica']],
    'a replica has one of two': [
      [
        ...keys,
        materialOf('key', one, at('primary-1')),
        materialOf('key', two, at('primary-2')),
        materialOf('replica', one, at('replica-1')),
      ],
      ['replica'],
    ],
    'a replica has another material': [
      [...keys, materialOf('key', one), materialOf('replica', two, at('second'))],
      ['replica'],
    ],
    'a preview counts one less': [
      [...keys, materialOf('key', { materialFingerprint: UNKNOWN })],
      ['replica'],
    ],
    'the same material expires at another instant': [
      [
        ...keys,
        materialOf('key', { ...one, ...fixed(inDays(10)) }),
        materialOf('replica', { ...one, ...fixed(inDays(20)) }, at('second')),
      ],
      ['second'],
    ],
    'the same material expires in only one Region': [
      [
        ...keys,
        materialOf('key', one),
        materialOf('replica', { ...one, ...fixed(undefined) }, at('second')),
      ],
      ['second'],
    ],
    'a preview shows two expiries': [
      [...keys, materialOf('key'), materialOf('replica', { validFor: '90d' }, at('second'))],
      ['second'],
    ],
  },
  passes: {
    'both have both': [
      ...keys,
      materialOf('key', one, at('primary-1')),
      materialOf('key', two, at('primary-2')),
      materialOf('replica', two, at('replica-2')),
      materialOf('replica', one, at('replica-1')),
    ],
    'a renewal in one Region was a minute later': [
      ...keys,
      materialOf('key', { ...one, validTo: '2027-01-01T00:00:00Z' }),
      materialOf('replica', { ...one, validTo: '2027-01-01T00:01:00Z' }, at('second')),
    ],
    'the first preview knows no fingerprint': [
      ...keys,
      materialOf('key', { materialFingerprint: UNKNOWN }),
      materialOf('replica', { materialFingerprint: UNKNOWN }, at('second')),
    ],
    'no material is managed here': keys,
    'there is no replica': [externalKey(), materialOf('key', one)],
  },
  undecided: {
    'the expiry of one is unknown': [
      ...keys,
      materialOf('key', { ...one, ...fixed(UNKNOWN) }),
      materialOf('replica', { ...one, ...fixed(inDays(9)) }, at('second')),
    ],
    'the key of one is unknown': [
      ...keys,
      materialOf('key', one),
      materialOf('replica', one, { ...at('second'), dependsOn: { keyId: [] } }),
    ],
  },
  configured: {
    'the replica is excepted': [{ except: ['replica'] }, [...keys, materialOf('key', one)], []],
  },
};
