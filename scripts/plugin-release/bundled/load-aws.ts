import { EventRule } from '@pulumi/aws/cloudwatch/eventRule';
import { EventTarget } from '@pulumi/aws/cloudwatch/eventTarget';
import { MetricAlarm } from '@pulumi/aws/cloudwatch/metricAlarm';
import * as config from '@pulumi/aws/config';
import { Alias } from '@pulumi/aws/kms/alias';
import { ExternalKey } from '@pulumi/aws/kms/externalKey';
import { ReplicaExternalKey } from '@pulumi/aws/kms/replicaExternalKey';
import type { AwsClasses } from '../../../src/component/load-aws';

/** Returns the classes of `@pulumi/aws` that are in the bundle: all others would make it fifty times as large. */
export function loadAws(): AwsClasses {
  return {
    kms: { Alias, ExternalKey, ReplicaExternalKey },
    cloudwatch: { EventRule, EventTarget, MetricAlarm },
    config,
  };
}
