import { readFileSync } from 'node:fs';
import { RESOURCE_TYPES } from '../../src/aws-plugin/registry';

/** Inputs of the real types that the stand-in does not have, by the type. */
const NOT_SERVED: Readonly<Record<string, RegExp | undefined>> = {
  'aws:kms/externalKey:ExternalKey': undefined,
  'aws:kms/replicaExternalKey:ReplicaExternalKey': undefined,
  'aws:kms/alias:Alias': undefined,
  'aws:cloudwatch/metricAlarm:MetricAlarm':
    /^(evaluate|evaluationCriteria|evaluationInterval|extended|metricQ|thresholdM|warmUp)/,
  'aws:cloudwatch/eventRule:EventRule': /^(forceDestroy|isEnabled)$/,
  'aws:cloudwatch/eventTarget:EventTarget': /^(?!rule)\w+Targets?$|^(deadLetter|forceD|retryP)/,
  'aws:sns/topic:Topic': /Feedback|^(archive|content|delivery|fifo|signature|tracing)/,
  'aws:sns/topicPolicy:TopicPolicy': undefined,
};

/** Outputs of the real types that the stand-in does not have, or makes from inputs. */
const OTHER_OUTPUTS = /^(tagsAll|beginningArchiveTime)$|^owner$/;

/** Reads the code of the installed SDK, which has neither types nor a schema at run time. */
function real(type: string) {
  const [, path = ''] = type.split(':');
  const code = readFileSync(require.resolve(`@pulumi/aws/${path}.js`), 'utf8');
  const named = (pattern: RegExp): string[] => [
    ...new Set(Array.from(code.matchAll(pattern), ([, name = '']) => name)),
  ];
  return {
    inputs: named(/resourceInputs\["(\w+)"\] = .*args\b/g),
    required: named(/Missing required property '(\w+)'/g),
    outputs: named(/resourceInputs\["(\w+)"\] = undefined/g),
  };
}

it('every type of the stand-in is compared', () => {
  expect(Object.keys(RESOURCE_TYPES)).toEqual(Object.keys(NOT_SERVED));
});

describe.each(Object.keys(NOT_SERVED))('when a program declares %s', (type) => {
  const { attributes, computed } = RESOURCE_TYPES[type]!;
  const { inputs, required, outputs } = real(type);

  it('its inputs are those of the real type that are served', () => {
    const served = inputs.filter((name) => NOT_SERVED[type]?.test(name) !== true);
    expect(Object.keys(attributes).sort()).toEqual(served.sort());
  });

  it('an input that the real type requires is required', () => {
    const missing = required.filter((name) => attributes[name]?.required !== true);
    expect(missing).toEqual([]);
  });

  it('what only AWS knows is not known before it is created', () => {
    const served = outputs.filter((name) => !OTHER_OUTPUTS.test(name));
    expect(served.filter((name) => !computed.includes(name))).toEqual([]);
  });
});
