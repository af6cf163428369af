import {
  alarm,
  externalKey,
  inDays,
  KEY_ARN,
  KEY_ID,
  material,
  materialOf,
  UNKNOWN,
} from '../shown';
import type { RuleCases } from './rule-cases';

const fixed = { validFor: undefined, renewBefore: undefined, validTo: inDays(90) };
const elsewhere = { dependsOn: {} };

export const renewalConfigured: RuleCases = {
  rule: 'byok-renewal-configured',
  violates: {
    'validTo is fixed and nothing watches': [[material(fixed)], ['material']],
    'the alarm is on another key': [
      [
        material(fixed),
        alarm({ dimensions: { KeyId: 'ffffffff-12ab-34cd-56ef-1234567890ab' } }, elsewhere),
      ],
      ['material'],
    ],
    'the alarm has no action': [
      [externalKey(), materialOf('key', fixed), alarm({ alarmActions: [] })],
      ['material'],
    ],
    "the alarm is on the metric of AWS's alarm page, which KMS does not publish": [
      [
        externalKey(),
        materialOf('key', fixed),
        alarm({ metricName: 'SecondsUntilKeyMaterialExpires' }),
      ],
      ['material'],
    ],
    'the alarm is in another Region': [
      [externalKey(), materialOf('key', fixed), alarm({ region: 'us-east-1' })],
      ['material'],
    ],
    'the alarm of a key of another stack is in another Region': [
      [
        material({ ...fixed, keyId: KEY_ARN }),
        alarm({ dimensions: { KeyId: KEY_ID }, region: 'us-east-1' }, elsewhere),
      ],
      ['material'],
    ],
    'the alarm has another dimension': [
      [
        externalKey(),
        materialOf('key', fixed),
        alarm({ dimensions: { KeyId: UNKNOWN, Service: 'kms' } }),
      ],
      ['material'],
    ],
  },
  passes: {
    'it is rolling': [material()],
    'renewBefore is left to its default': [material({ renewBefore: undefined })],
    'it does not expire': [material({ ...fixed, validTo: undefined })],
    'an alarm of this stack watches the key': [externalKey(), materialOf('key', fixed), alarm()],
    'an alarm watches a key of another stack': [
      material({ ...fixed, keyId: KEY_ARN }),
      alarm({ dimensions: { KeyId: KEY_ID } }, elsewhere),
    ],
    'the key is found by its ARN': [
      externalKey({ arn: KEY_ARN, id: KEY_ID }),
      material({ ...fixed, keyId: KEY_ARN }),
      alarm(),
    ],
  },
  undecided: {
    'the expiry is unknown': [material({ ...fixed, validTo: UNKNOWN })],
    'the key is unknown, and its dependencies are not given': [
      material({ ...fixed, keyId: UNKNOWN }),
      alarm(),
    ],
    'the actions of the alarm are unknown': [
      externalKey(),
      materialOf('key', fixed),
      alarm({ alarmActions: UNKNOWN }),
    ],
  },
  configured: {
    'an alarm does not suffice': [
      { alarmSuffices: false },
      [externalKey(), materialOf('key', fixed), alarm()],
      ['material'],
    ],
  },
};
