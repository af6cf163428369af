// caught by: none
import * as aws from '@pulumi/aws';
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const safe = { protect: true, ignoreChanges: ['validTo', 'enabled'] };
const key = new aws.kms.ExternalKey('root-key', { multiRegion: true }, safe);
const replica = new aws.kms.ReplicaExternalKey(
  'root-key-us',
  { primaryKeyArn: key.arn, region: 'us-east-1' },
  safe,
);
const material = { secretsManager: { secretId: 'kms/root-key' } };

new ImportedKeyMaterial(
  'root-key-material',
  { keyId: key.arn, material, validFor: '90d' },
  { protect: true },
);

new ImportedKeyMaterial(
  'root-key-us-material',
  { keyId: replica.arn, material, validFor: '90d' },
  { protect: true },
);

for (const [name, watched] of Object.entries({ primary: key, replica })) {
  new aws.cloudwatch.MetricAlarm(name, {
    namespace: 'AWS/KMS',
    metricName: 'SecondsUntilKeyMaterialExpiration',
    dimensions: { KeyId: watched.id },
    statistic: 'Minimum',
    period: 3600,
    evaluationPeriods: 1,
    comparisonOperator: 'LessThanOrEqualToThreshold',
    threshold: 14 * 24 * 60 * 60,
    alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'],
    region: watched.region,
  });
}
