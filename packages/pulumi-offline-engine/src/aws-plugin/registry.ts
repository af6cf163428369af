import type { ValueMap } from '../engine/values';
import { alias } from './alias';
import type { AwsConnection } from './aws-connection';
import { externalKey } from './external-key';
import { eventRule, eventTarget, metricAlarm, topic, topicPolicy } from './recorded';
import { replicaExternalKey } from './replica-external-key';
import type { ResourceType } from './resource';

/** All resource types of the stand-in. A new type needs an entry here. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'aws:kms/externalKey:ExternalKey': externalKey,
  'aws:kms/replicaExternalKey:ReplicaExternalKey': replicaExternalKey,
  'aws:kms/alias:Alias': alias,
  'aws:cloudwatch/metricAlarm:MetricAlarm': metricAlarm,
  'aws:cloudwatch/eventRule:EventRule': eventRule,
  'aws:cloudwatch/eventTarget:EventTarget': eventTarget,
  'aws:sns/topic:Topic': topic,
  'aws:sns/topicPolicy:TopicPolicy': topicPolicy,
};

/** All functions of the stand-in. */
export const FUNCTIONS: Readonly<
  Record<string, (aws: AwsConnection, args: ValueMap) => Promise<ValueMap>>
> = {
  'aws:index/getCallerIdentity:getCallerIdentity': async (aws) => {
    const { accountId, arn, userId } = await aws.callerIdentity();
    return { id: accountId, accountId, arn, userId };
  },
  'aws:index/getRegion:getRegion': (aws, args) => {
    const region = typeof args.region === 'string' ? args.region : aws.region;
    return Promise.resolve({ id: region, name: region, region });
  },
};
