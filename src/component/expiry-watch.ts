import * as pulumi from '@pulumi/pulumi';

import { DAY_SECONDS } from '../domain/duration';
import type { ExpiryAlarmArgs } from './args';
import type { RegionalKey } from './keys';
import type { AwsClasses } from './load-aws';

/**
 * Creates an alarm on the material of a key that expires first. The metric is
 * `SecondsUntilKeyMaterialExpiration` (AWS KMS Developer Guide, monitoring-cloudwatch; the page about the
 * alarm has another name and the wrong comparison).
 */
export function watchExpiry(
  aws: AwsClasses,
  { name, key, region }: RegionalKey,
  { daysBefore }: ExpiryAlarmArgs,
  actions: readonly pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: pulumi.interpolate`Imported material of the KMS key ${key.id} expires in less than ${daysBefore} days: run an update to renew it.`,
      namespace: 'AWS/KMS',
      metricName: 'SecondsUntilKeyMaterialExpiration',
      dimensions: { KeyId: key.id },
      statistic: 'Minimum',
      comparisonOperator: 'LessThanThreshold',
      threshold: daysBefore * DAY_SECONDS,
      period: 300,
      evaluationPeriods: 1,
      // The metric ends with the material, and the alarm must not.
      treatMissingData: 'ignore',
      alarmActions: [...actions],
      ...(region === undefined ? {} : { region }),
    },
    opts,
  );
}

/** Notifies the targets when material of the key has expired (AWS KMS Developer Guide, kms-events). */
export function announceExpiration(
  aws: AwsClasses,
  { name, key, region }: RegionalKey,
  targets: readonly pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): void {
  if (targets.length === 0) return;
  const regional = region === undefined ? {} : { region };
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      description: pulumi.interpolate`Imported material of the KMS key ${key.id} has expired.`,
      eventPattern: key.id.apply((id) =>
        JSON.stringify({
          source: ['aws.kms'],
          'detail-type': ['KMS Imported Key Material Expiration'],
          detail: { 'key-id': [id] },
        }),
      ),
      ...regional,
    },
    opts,
  );
  targets.forEach((arn, index) => {
    new aws.cloudwatch.EventTarget(
      `${name}-${index + 1}`,
      { rule: rule.name, arn, ...regional },
      opts,
    );
  });
}
