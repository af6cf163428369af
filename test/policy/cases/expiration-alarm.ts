import { alarm, externalKey, material, materialOf, replicaKey, UNKNOWN } from '../shown';
import type { ShownResource } from '../../support/policy-process';
import type { RuleCases } from './rule-cases';

const mrk = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const arn = (region: string): string => `arn:aws:kms:${region}:111122223333:key/${mrk}`;

const ACTIONS = { alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'] };
const BELOW = { comparisonOperator: 'LessThanOrEqualToThreshold', threshold: 14 * 86_400 };
const metric = {
  namespace: 'AWS/KMS',
  metricName: 'SecondsUntilKeyMaterialExpiration',
  dimensions: { KeyId: UNKNOWN },
  period: 3600,
  stat: 'Minimum',
};

/** An alarm that has its metric in metricQueries. */
const querying = (metricQueries: readonly object[], props: object = {}): ShownResource => ({
  type: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  name: 'alarm',
  props: { ...BELOW, ...ACTIONS, metricQueries, ...props },
  dependsOn: { metricQueries: ['key'] },
});
const expression = { id: 'e1', expression: 'FILL(m1, 0)', returnData: true };

const expiring = (props: object): readonly ShownResource[] => [
  externalKey(),
  materialOf('key'),
  alarm(props as Record<string, unknown>),
];

export const expirationAlarm: RuleCases = {
  rule: 'byok-expiration-alarm',
  violates: {
    'the alarm watches values of another unit': [expiring({ unit: 'Percent' }), ['key']],
    'the extended statistic counts': [
      expiring({ statistic: undefined, extendedStatistic: 'TC(10%:90%)' }),
      ['key'],
    ],
    'a query adds up': [
      [
        externalKey(),
        materialOf('key'),
        querying([{ id: 'm1', metric: { ...metric, stat: 'TS(:99%)' } }]),
      ],
      ['key'],
    ],
    'the alarm fires only after a week below a week': [
      expiring({ threshold: 7 * 86_400, period: 86_400, evaluationPeriods: 7 }),
      ['key'],
    ],
    'the alarm is in another Region than the key': [expiring({ region: 'us-east-1' }), ['key']],
    'the ARN of the alarm says that it is in another Region': [
      expiring({ arn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a' }),
      ['key'],
    ],
    'the dimension is the ARN of the key': [
      expiring({ dimensions: { KeyId: arn('eu-west-1') } }),
      ['key'],
    ],
    'the alarm has another dimension': [
      expiring({ dimensions: { KeyId: UNKNOWN, Service: 'kms' } }),
      ['key'],
    ],
    'the statistic counts': [expiring({ statistic: 'SampleCount' }), ['key']],
    'a query on the metric has another dimension': [
      [
        externalKey(),
        materialOf('key'),
        querying([{ id: 'm1', metric: { ...metric, dimensions: { KeyId: UNKNOWN, A: 'b' } } }]),
      ],
      ['key'],
    ],
    'a query is compared in the wrong direction': [
      [
        externalKey(),
        materialOf('key'),
        querying([{ id: 'm1', metric }], { comparisonOperator: 'GreaterThanThreshold' }),
      ],
      ['key'],
    ],
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
    'one of many periods is enough': expiring({
      threshold: 7 * 86_400,
      period: 86_400,
      evaluationPeriods: 7,
      datapointsToAlarm: 1,
    }),
    'the unit is that of the metric': expiring({ unit: 'Seconds' }),
    'the extended statistic is a percentile': expiring({
      statistic: undefined,
      extendedStatistic: 'p10',
    }),
    'an alarm queries the metric': [
      externalKey(),
      materialOf('key'),
      querying([{ id: 'm1', metric, returnData: true }]),
    ],
    'an alarm queries the metric beside others': [
      externalKey(),
      materialOf('key'),
      querying([
        { id: 'm1', metric, returnData: true },
        { id: 'm2', metric: { ...metric, metricName: 'CallCount' } },
      ]),
    ],
    'one of two alarms is good, and the other unknown': [
      externalKey(),
      materialOf('key'),
      alarm({ threshold: UNKNOWN }),
      alarm({}, { name: 'second' }),
    ],
    'the alarm is in the Region of the key': [...expiring({ region: 'eu-west-1' })],
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
  remarks: {
    'the alarm compares an expression': [
      [externalKey(), materialOf('key'), querying([{ id: 'm1', metric }, expression])],
      ['key'],
    ],
  },
  undecided: {
    'the metric of the alarm is unknown': [
      externalKey(),
      materialOf('key'),
      alarm({ metricName: UNKNOWN }),
    ],
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
