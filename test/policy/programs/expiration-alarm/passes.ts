// caught by: none
import * as aws from '@pulumi/aws';
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const key = new aws.kms.ExternalKey(
  'root-key',
  { description: 'Root of all data keys' },
  { protect: true, ignoreChanges: ['validTo', 'enabled'] },
);

new ImportedKeyMaterial(
  'root-key',
  {
    keyId: key.id,
    material: { secretsManager: { secretId: 'kms/root-key' } },
    validFor: '90d',
    renewBefore: '30d',
  },
  { protect: true },
);

new aws.cloudwatch.MetricAlarm('root-key-expires', {
  namespace: 'AWS/KMS',
  metricName: 'SecondsUntilKeyMaterialExpiration',
  dimensions: { KeyId: key.id },
  statistic: 'Minimum',
  period: 3600,
  evaluationPeriods: 1,
  comparisonOperator: 'LessThanOrEqualToThreshold',
  threshold: 14 * 24 * 60 * 60,
  alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'],
});
