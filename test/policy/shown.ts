import { TYPE_TOKENS } from '../../src/domain/type-tokens';
import { UNKNOWN, type ShownProvider, type ShownResource } from '../support/policy-process';

export { UNKNOWN };

/** The ID and the ARN of a key that is in no stack of the tests. */
export const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const KEY_ARN = `arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`;

const DAY = 86_400_000;

/** An instant some days from now, as KMS and the provider write it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, 'Z');
}

type Props = Readonly<Record<string, unknown>>;
type Rest = Partial<Omit<ShownResource, 'props' | 'type'>>;

/** An ImportedKeyMaterial as the provider's check leaves it; `undefined` takes a property away. */
export function material(props: Props = {}, rest: Rest = {}): ShownResource {
  return {
    type: 'pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial',
    name: 'material',
    protect: true,
    ...rest,
    props: {
      keyId: KEY_ID,
      materialSource: { kind: 'secretsManager', secretId: 'kms/root-key' },
      validFor: '60d',
      renewBefore: '30d',
      __provider: 'exports.handler=()=>require("pulumi-kms-byok/provider").provider;',
      ...props,
    },
  };
}

/** A material of the key that is a resource of the stack. */
export function materialOf(key: string, props: Props = {}, rest: Rest = {}): ShownResource {
  return material(
    { keyId: UNKNOWN, ...props },
    { ...rest, dependsOn: { keyId: [key], ...rest.dependsOn } },
  );
}

export function externalKey(props: Props = {}, rest: Rest = {}): ShownResource {
  return {
    type: 'aws:kms/externalKey:ExternalKey',
    name: 'key',
    protect: true,
    ignoreChanges: ['validTo', 'enabled', 'keyMaterialBase64'],
    ...rest,
    props: { region: 'eu-west-1', deletionWindowInDays: 30, ...props },
  };
}

export function replicaKey(props: Props = {}, rest: Rest = {}): ShownResource {
  return {
    type: 'aws:kms/replicaExternalKey:ReplicaExternalKey',
    name: 'replica',
    protect: true,
    ignoreChanges: ['validTo', 'enabled'],
    dependsOn: { primaryKeyArn: ['key'] },
    ...rest,
    props: { region: 'us-east-1', deletionWindowInDays: 30, primaryKeyArn: UNKNOWN, ...props },
  };
}

export function alarm(props: Props = {}, rest: Rest = {}): ShownResource {
  return {
    type: 'aws:cloudwatch/metricAlarm:MetricAlarm',
    name: 'alarm',
    dependsOn: { dimensions: ['key'] },
    ...rest,
    props: {
      namespace: 'AWS/KMS',
      metricName: 'SecondsUntilKeyMaterialExpiration',
      dimensions: { KeyId: UNKNOWN },
      comparisonOperator: 'LessThanOrEqualToThreshold',
      threshold: 14 * 86_400,
      evaluationPeriods: 1,
      alarmActions: ['arn:aws:sns:eu-west-1:111122223333:pager'],
      ...props,
    },
  };
}

/** A policy document as the aws provider has it: JSON text. */
export function document(...statements: readonly Props[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

export const bucket: ShownResource = {
  type: 'aws:s3/bucket:Bucket',
  name: 'bucket',
  props: {
    bucket: 'root-keys',
    policy: document({ Principal: '*', Action: 'kms:*', Resource: '*' }),
    keyMaterialBase64: 'AAAA',
    wrappingKeySpec: 'RSA_2048',
    validTo: inDays(1),
    materialSource: { kind: 'inline' },
    deletionWindowInDays: 7,
  },
};

/** The same stack, with the resources of the native plugin in place of dynamic ones. */
export function natively(stack: readonly ShownResource[]): ShownResource[] {
  const renamed = (types: string): string =>
    Object.values(TYPE_TOKENS).reduce(
      (text, { dynamic, native }) =>
        text
          .split('$')
          .map((type) => (type === dynamic ? native : type))
          .join('$'),
      types,
    );
  return stack.map(({ type, parents, provider, props: { __provider, ...props }, ...rest }) => ({
    ...rest,
    ...(provider === undefined ? {} : { provider: nativeProvider(provider) }),
    type: renamed(type),
    props,
    ...(parents === undefined ? {} : { parents: renamed(parents) }),
  }));
}

// The inputs of the native provider have the names of those of a KmsByokProvider.
function nativeProvider({ props }: ShownProvider): ShownProvider {
  return {
    type: 'pulumi:providers:kms-byok',
    props: Object.fromEntries(
      Object.entries(props).map(([name, value]) => [name.replace(/^aws:/, ''), value]),
    ),
  };
}
