import type { ValueMap } from '../engine/values';
import { physicalName } from './physical-name';
import type { Attribute, Target, ResourceType } from './resource';

interface RecordedType {
  readonly attributes: ResourceType['attributes'];
  readonly computed: readonly string[];
  /** Returns the ID, and the properties that AWS adds to the inputs. */
  readonly identify: (
    target: Target,
    arn: (service: string, resource: string) => string,
  ) => { readonly id: string; readonly added: ValueMap };
}

/**
 * Returns a type without a service behind it: the stand-in records its inputs and returns them. Its names,
 * ARNs, required properties and replacements are those of the real provider.
 */
function recorded({ attributes, computed, identify }: RecordedType): ResourceType {
  return {
    attributes,
    computed,
    async create(target) {
      const { aws, region, inputs } = target;
      const { accountId } = await aws.callerIdentity();
      const { id, added } = identify(target, (service, resource) =>
        ['arn', 'aws', service, region, accountId, resource].join(':'),
      );
      return { id, outputs: { ...inputs, region, ...added } };
    },
    read: ({ id, outputs }) => Promise.resolve({ id, outputs }),
    update: ({ inputs, outputs }) => {
      const kept = Object.entries(outputs).filter(([name]) => attributes[name] === undefined);
      const given = Object.entries(outputs).filter(([name]) => attributes[name]?.computed);
      return Promise.resolve({ ...Object.fromEntries([...kept, ...given]), ...inputs });
    },
    delete: () => Promise.resolve(),
  };
}

const COMMON: Readonly<Record<string, Attribute>> = {
  name: { forceNew: true, computed: true },
  region: { forceNew: true, computed: true },
  tags: {},
};

const PREFIXED = { ...COMMON, namePrefix: { forceNew: true, computed: true } } as const;

const optional = (...names: string[]): Record<string, Attribute> =>
  Object.fromEntries(names.map((name) => [name, {}]));

/** `aws.cloudwatch.MetricAlarm`. */
export const metricAlarm = recorded({
  attributes: {
    ...COMMON,
    comparisonOperator: { required: true },
    evaluationPeriods: { required: true },
    actionsEnabled: { fallback: true },
    treatMissingData: { fallback: 'missing' },
    ...optional('alarmActions', 'alarmDescription', 'datapointsToAlarm', 'dimensions'),
    ...optional('insufficientDataActions', 'metricName', 'namespace', 'okActions', 'period'),
    ...optional('statistic', 'threshold', 'unit'),
  },
  computed: ['arn', 'name'],
  identify(target, arn) {
    const name = physicalName(target);
    return { id: name, added: { name, arn: arn('cloudwatch', `alarm:${name}`) } };
  },
});

/** `aws.cloudwatch.EventRule`. */
export const eventRule = recorded({
  attributes: {
    ...PREFIXED,
    eventBusName: { forceNew: true, computed: true },
    state: { computed: true },
    ...optional('description', 'eventPattern', 'roleArn', 'scheduleExpression'),
  },
  computed: ['arn', 'name'],
  identify(target, arn) {
    const name = physicalName(target);
    return { id: name, added: { name, arn: arn('events', `rule/${name}`) } };
  },
});

/** `aws.cloudwatch.EventTarget`. */
export const eventTarget = recorded({
  attributes: {
    arn: { required: true },
    rule: { required: true, forceNew: true },
    eventBusName: { forceNew: true, computed: true },
    region: { forceNew: true, computed: true },
    targetId: { forceNew: true, computed: true },
    ...optional('input', 'inputPath', 'inputTransformer', 'roleArn'),
  },
  computed: ['targetId'],
  identify(target) {
    const { targetId = physicalName(target), rule } = target.inputs;
    return { id: `${rule as string}-${targetId as string}`, added: { targetId } };
  },
});

/** `aws.sns.Topic`. */
export const topic = recorded({
  attributes: {
    ...PREFIXED,
    policy: { computed: true },
    ...optional('displayName', 'kmsMasterKeyId'),
  },
  computed: ['arn', 'name'],
  identify(target, arn) {
    const name = physicalName(target);
    const topicArn = arn('sns', name);
    return { id: topicArn, added: { name, arn: topicArn } };
  },
});

/** `aws.sns.TopicPolicy`. */
export const topicPolicy = recorded({
  attributes: {
    arn: { required: true, forceNew: true },
    policy: { required: true },
    region: { forceNew: true, computed: true },
  },
  computed: ['owner'],
  identify: ({ inputs }) => ({ id: inputs.arn as string, added: { owner: '' } }),
});
