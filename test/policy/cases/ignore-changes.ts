import { TYPE_TOKENS } from '../../../src/domain/type-tokens';
import { externalKey, KEY_ARN, KEY_ID, material, materialOf, replicaKey, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const plain = { ignoreChanges: [] };

export const ignoreChanges: RuleCases = {
  rule: 'byok-ignore-changes',
  violates: {
    'the key ignores nothing': [[externalKey({}, plain), materialOf('key')], ['key']],
    'the key ignores one of the two': [
      [externalKey({}, { ignoreChanges: ['validTo'] }), materialOf('key')],
      ['key'],
    ],
    'a replica ignores nothing': [
      [externalKey(), replicaKey({}, { ...plain, dependsOn: {} }), materialOf('replica')],
      ['replica'],
    ],
    'the key is named by its ID': [
      [externalKey({ id: KEY_ID }, plain), material({ keyId: KEY_ID })],
      ['key'],
    ],
    'the key is named by its ARN': [
      [externalKey({ arn: KEY_ARN }, plain), material({ keyId: KEY_ARN })],
      ['key'],
    ],
    'a key of ImportedKey does not ignore validTo': [
      [externalKey({}, { ...plain, parents: TYPE_TOKENS.ImportedKey.dynamic }), materialOf('key')],
      ['key'],
    ],
    'another material is not decided yet': [
      [externalKey({}, plain), material({ keyId: UNKNOWN }, { name: 'other' }), materialOf('key')],
      ['key'],
    ],
  },
  passes: {
    'the key ignores both': [externalKey(), materialOf('key')],
    'the key ignores everything': [externalKey({}, { ignoreChanges: ['*'] }), materialOf('key')],
    'ImportedKey sets whether the key is enabled': [
      externalKey(
        { enabled: true },
        { ignoreChanges: ['validTo'], parents: TYPE_TOKENS.ImportedKey.dynamic },
      ),
      materialOf('key'),
    ],
    'no material of the key is managed here': [externalKey({}, plain), material()],
    'the key of the same ID is in another Region': [
      externalKey({ arn: KEY_ARN }, plain),
      material({ keyId: KEY_ARN.replace('eu-west-1', 'us-east-1') }),
    ],
  },
  undecided: {
    'the key is unknown': [externalKey({}, plain), material({ keyId: UNKNOWN })],
  },
  configured: {
    'more is asked for': [
      { properties: ['validTo', 'enabled', 'keySpec'] },
      [externalKey(), materialOf('key')],
      ['key'],
    ],
  },
};
