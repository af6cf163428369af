import type { RuleShapes } from './shape-cases';

const DAY = 86_400_000;
const inDays = (days: number): string =>
  `new Date(Date.now() + ${days * DAY}).toISOString().slice(0, 19) + 'Z'`;
const importing = (args: string, opts = ''): string =>
  `new ImportedKeyMaterial('a', { keyId, material: stored, ${args} }${opts});`;
const inComponent = ', { parent: new Platform("p") }';

export const materialExpires: RuleShapes = {
  rule: 'byok-material-expires',
  passes: {
    'validTo is an output': importing(`validTo: pulumi.output(${inDays(30)})`),
    'validFor is known only in the update': importing("validFor: later('90d')"),
  },
  fails: {
    'validTo is an output of nothing': [
      importing('validTo: pulumi.output(undefined) as any'),
      ['a'],
    ],
    'the material of a component has none': [importing('', inComponent), ['a']],
    'one of the keys has none': [
      `new ImportedKey('b', { materials: [stored], validFor: '90d' });
       new ImportedKey('c', { materials: [stored] });`,
      ['c-1'],
    ],
  },
};

export const maximumValidity: RuleShapes = {
  rule: 'byok-maximum-validity',
  passes: {
    'validTo has an offset': importing(`validTo: ${inDays(30)}.replace('Z', '+00:00')`),
    'validFor is in hours': importing("validFor: '2160h'"),
  },
  fails: {
    'validFor is a secret in hours': [importing("validFor: pulumi.secret('4800h')"), ['a']],
    'validTo is known only in the update': [importing(`validTo: later(${inDays(300)})`), ['a']],
    'a key of a component is valid for a year': [
      `new ImportedKey('key', { materials: [stored], validFor: '365d' }${inComponent});`,
      ['key-1'],
    ],
  },
};

export const minimumValidityLeft: RuleShapes = {
  rule: 'byok-minimum-validity-left',
  passes: {
    'validTo is an output far ahead': importing(`validTo: pulumi.output(${inDays(60)})`),
    'renewBefore is a third by default': importing("validFor: '30d'", inComponent),
  },
  fails: {
    'validTo is a secret, and near': [importing(`validTo: pulumi.secret(${inDays(2)})`), ['a']],
    'renewBefore is short, in a component': [
      importing("validFor: '90d', renewBefore: '36h'", inComponent),
      ['a'],
    ],
    'validTo is known only in the update': [importing(`validTo: later(${inDays(2)})`), ['a']],
  },
};

const watching = (props: string, opts = ''): string => `
  new aws.cloudwatch.MetricAlarm('alarm', {
    comparisonOperator: 'LessThanThreshold', threshold: 30 * 86400, evaluationPeriods: 1,
    alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'], ${props} }${opts});`;
const METRIC = "namespace: 'AWS/KMS', metricName: 'SecondsUntilKeyMaterialExpiration'";
const onKey = (args: string): string => `
  const key = new aws.kms.ExternalKey('key', { region: 'eu-west-1' }, quiet);
  new ImportedKeyMaterial('a', { keyId: key.keyState.apply(() => key.id), material: stored, ${args} });`;
const fixed = onKey(`validTo: ${inDays(90)}`);

export const renewalConfigured: RuleShapes = {
  rule: 'byok-renewal-configured',
  passes: {
    'an alarm queries the metric': `${fixed}
      ${watching(`metricQueries: [{ id: 'm1', returnData: true,
        metric: { ${METRIC}, period: 3600, stat: 'Minimum', dimensions: { KeyId: key.id } } }]`)}`,
    'validFor is an output in a component': importing(
      "validFor: pulumi.output('90d')",
      inComponent,
    ),
  },
  fails: {
    'the alarm of a component is in another Region': [
      `${fixed} ${watching(`${METRIC}, region: 'us-east-1', dimensions: { KeyId: key.id }`, inComponent)}`,
      ['a'],
    ],
    'the alarm is on the number of calls': [
      `${fixed} ${watching("namespace: 'AWS/KMS', metricName: 'SuccessfulRequest', dimensions: { KeyId: key.id }")}`,
      ['a'],
    ],
    'validTo is a secret': [importing(`validTo: pulumi.secret(${inDays(90)})`), ['a']],
  },
};

const rolling = onKey("validFor: '90d'");

export const expirationAlarm: RuleShapes = {
  rule: 'byok-expiration-alarm',
  passes: {
    'a bare alarm watches': `${rolling}
      new Bare('aws:cloudwatch/metricAlarm:MetricAlarm', 'alarm', { ${METRIC},
        comparisonOperator: 'LessThanThreshold', threshold: 2592000, evaluationPeriods: 1,
        dimensions: { KeyId: key.id }, alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'] });`,
    'an alarm of a component queries the metric': `${rolling}
      ${watching(
        `metricQueries: [{ id: 'm1', returnData: true,
        metric: { ${METRIC}, period: 60, stat: 'Minimum', dimensions: { KeyId: key.id } } }]`,
        inComponent,
      )}`,
    'the actions are known only in the update': `${rolling}
      ${watching(`${METRIC}, dimensions: { KeyId: key.id }`).replace("['arn:aws:sns:eu-west-1:111122223333:pager']", "[later('arn:aws:sns:eu-west-1:111122223333:pager')]")}`,
  },
  fails: {
    'the dimension is the ARN': [
      `${rolling} ${watching(`${METRIC}, dimensions: { KeyId: pulumi.interpolate\`arn:aws:kms:eu-west-1:111122223333:key/\${key.id}\` }`)}`,
      ['key'],
    ],
    'the alarm has the Region as a dimension': [
      `${rolling} ${watching(`${METRIC}, dimensions: { KeyId: key.id, Region: 'eu-west-1' }`)}`,
      ['key'],
    ],
    'the query of an alarm is of another Region': [
      `${rolling} ${watching(`region: 'us-east-1', metricQueries: [{ id: 'm1', returnData: true,
        metric: { ${METRIC}, period: 60, stat: 'Minimum', dimensions: { KeyId: key.id } } }]`)}`,
      ['key'],
    ],
  },
};

export const materialAge: RuleShapes = {
  rule: 'byok-material-age',
  passes: {
    'it was imported last week, in a component': {
      text: importing("validFor: '90d'", inComponent),
      importedDaysAgo: 7,
    },
    'the key is of another stack': { text: importing(''), importedDaysAgo: 300 },
  },
  fails: {
    'it was renewed for two years': [
      { text: importing("validFor: '90d'"), importedDaysAgo: 730 },
      ['a'],
    ],
    'it is of a component of others': [
      { text: importing('', inComponent), importedDaysAgo: 400 },
      ['a'],
    ],
  },
};
