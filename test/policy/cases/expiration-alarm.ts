import { alarm, externalKey, material, materialOf, replicaKey, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const mrk = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const arn = (region: string): string => `arn:aws:kms:${region}:111122223333:key/${mrk}`;

export const expirationAlarm: RuleCases = {
  rule: 'byok-expiration-alarm',
  violates: {
    'nothing watches': [[externalKey(), materialOf('key')], ['key']],
    'two materials of one key expire': [
      [externalKey(), materialOf('key'), materialOf('key', {}, { name: 'second' })],
      ['key'],
    ],
    'the alarm fires when much time is left': [
      [externalKey(), materialOf('key'), alarm({ comparisonOperator: 'GreaterThanThreshold' })],
      ['key'],
    ],
    'the alarm fires an hour before': [
      [externalKey(), materialOf('key'), alarm({ threshold: 3600 })],
      ['key'],
    ],
    'the alarm is switched off': [
      [externalKey(), materialOf('key'), alarm({ actionsEnabled: false })],
      ['key'],
    ],
    'only the primary key is watched': [
      [
        externalKey({ arn: arn('eu-west-1') }),
        replicaKey({ arn: arn('us-east-1') }),
        material({ keyId: arn('eu-west-1') }),
        material({ keyId: arn('us-east-1') }, { name: 'second' }),
        alarm({ dimensions: { KeyId: mrk }, region: 'eu-west-1' }, { dependsOn: {} }),
      ],
      ['replica'],
    ],
  },
  passes: {
    'an alarm watches': [externalKey(), materialOf('key'), alarm()],
    'the material does not expire': [externalKey(), materialOf('key', { validFor: undefined })],
    'the key is not of this stack': [material()],
    'one of two alarms is good': [
      externalKey(),
      materialOf('key'),
      alarm({ threshold: 3600 }),
      alarm({}, { name: 'second' }),
    ],
    'each Region has its alarm': [
      externalKey({ arn: arn('eu-west-1') }),
      replicaKey({ arn: arn('us-east-1') }),
      material({ keyId: arn('eu-west-1') }),
      material({ keyId: mrk, connection: { region: 'us-east-1' } }, { name: 'second' }),
      alarm({ dimensions: { KeyId: mrk }, region: 'eu-west-1' }, { dependsOn: {} }),
      alarm({}, { name: 'second-alarm', dependsOn: { dimensions: ['replica'] } }),
    ],
  },
  undecided: {
    'the threshold is unknown': [externalKey(), materialOf('key'), alarm({ threshold: UNKNOWN })],
    'the expiry is unknown': [externalKey(), materialOf('key', { validFor: UNKNOWN })],
  },
  configured: {
    '30 days of warning are asked for': [
      { warning: '30d' },
      [externalKey(), materialOf('key'), alarm()],
      ['key'],
    ],
    'an hour of warning is enough': [
      { warning: '1h' },
      [externalKey(), materialOf('key'), alarm({ threshold: 3600 })],
      [],
    ],
  },
};
