import { DescribeKeyCommand, ListAliasesCommand } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import type { ValueMap } from '../../src/engine/values';
import { REGION } from '../support/aws-program';
import { clientOf } from '../../../embedded-kms/test/support/kms-key';
import { PluginResource, start, startPluginWorld, type PluginWorld } from './plugin-resource';

const ACCOUNT = '111122223333';

let world: PluginWorld;
let kms: PluginWorld['kms'];
let client: PluginWorld['client'];
let plugin: PluginWorld['plugin'];

beforeAll(async () => {
  world = await startPluginWorld({ replicationSeconds: 0 });
  ({ kms, client, plugin } = world);
});

afterAll(() => world.close());

async function newKey(inputs: ValueMap = {}): Promise<PluginResource> {
  const key = new PluginResource(plugin, 'aws:kms/externalKey:ExternalKey');
  await key.up(inputs);
  return key;
}

const newPrimary = (): Promise<PluginResource> =>
  newKey({ multiRegion: true, keyMaterialBase64: randomBytes(32).toString('base64') });

describe('when a program has a ReplicaExternalKey', () => {
  let replica: PluginResource;
  beforeEach(() => {
    replica = new PluginResource(plugin, 'aws:kms/replicaExternalKey:ReplicaExternalKey');
  });

  it('it is made in its Region, waits for its import, and is deleted there', async () => {
    const primary = await newPrimary();
    await replica.up({ region: 'us-east-1', primaryKeyArn: primary.outputs.arn! });
    expect(replica.outputs).toMatchObject({
      keyState: 'PendingImport',
      keyId: primary.id,
      arn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${primary.id}`,
    });
    const recorded = replica.outputs;
    expect(await replica.refresh()).toBe(true);
    expect(replica.outputs).toEqual(recorded);
    expect(await replica.up({ ...replica.inputs, tags: { a: 'b' } })).toBe('update');
    await replica.destroy();
    const there = clientOf(kms, 'us-east-1');
    const { KeyMetadata } = await there.send(new DescribeKeyCommand({ KeyId: primary.id }));
    there.destroy();
    expect(KeyMetadata?.KeyState).toBe('PendingDeletion');
    expect(await replica.refresh()).toBe(false);
  });

  it('a primary key without material cannot be replicated', async () => {
    const primary = await newKey({ multiRegion: true });
    await expect(
      replica.up({ region: 'us-east-1', primaryKeyArn: primary.outputs.arn! }),
    ).rejects.toThrow('KMSInvalidStateException');
  });

  it('another primary key replaces it', async () => {
    const [first, second] = [await newPrimary(), await newPrimary()];
    await replica.up({ region: 'us-east-1', primaryKeyArn: first.outputs.arn! });
    expect(await replica.up({ region: 'us-east-1', primaryKeyArn: second.outputs.arn! })).toBe(
      'replace',
    );
  });

  it('a primary key is not taken for a replica, nor a replica for a primary key', async () => {
    const primary = await newPrimary();
    Object.assign(replica, { id: primary.id, outputs: { region: REGION } });
    await expect(replica.refresh()).rejects.toThrow('is not a multi-Region replica key');
    replica = new PluginResource(plugin, 'aws:kms/replicaExternalKey:ReplicaExternalKey');
    await replica.up({ region: 'us-east-1', primaryKeyArn: primary.outputs.arn! });
    Object.assign(primary, { outputs: { region: 'us-east-1' } });
    await expect(primary.refresh()).rejects.toThrow('is not a multi-Region primary key');
  });
});

describe('when a program has an Alias', () => {
  it('it follows its key, also when that becomes another', async () => {
    const [a, b] = [await newKey(), await newKey()];
    const alias = new PluginResource(plugin, 'aws:kms/alias:Alias');
    await alias.up({ name: 'alias/x', targetKeyId: a.id });
    expect(alias.outputs).toMatchObject({
      arn: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/x`,
      targetKeyArn: a.outputs.arn,
    });
    expect(await alias.refresh()).toBe(true);
    expect(await alias.up({ name: 'alias/x', targetKeyId: a.outputs.arn! })).toBe('same');
    expect(await alias.up({ name: 'alias/x', targetKeyId: b.id })).toBe('update');
    const { Aliases } = await client.send(new ListAliasesCommand({}));
    expect(Aliases).toMatchObject([{ AliasName: 'alias/x', TargetKeyId: b.id }]);
    await alias.destroy();
    await alias.destroy();
    expect(await alias.refresh()).toBe(false);
  });

  it('without a name it gets one', async () => {
    const alias = new PluginResource(plugin, 'aws:kms/alias:Alias', 'app');
    await alias.up({ targetKeyId: (await newKey()).id });
    expect(alias.id).toMatch(/^alias\/app-[0-9a-f]{7}$/);
    await expect(alias.up({ name: 'alias/x' })).rejects.toThrow('Missing required property');
  });
});

describe('when a program has what the stand-in only records', () => {
  it.each([
    [
      'cloudwatch/metricAlarm:MetricAlarm',
      { comparisonOperator: 'LessThanThreshold', evaluationPeriods: 1, name: 'n' },
      { threshold: 2 },
      `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:n`,
    ],
    [
      'cloudwatch/eventRule:EventRule',
      { eventPattern: '{}', name: 'n' },
      { eventPattern: '{"source":["aws.kms"]}' },
      `arn:aws:events:${REGION}:${ACCOUNT}:rule/n`,
    ],
    [
      'sns/topic:Topic',
      { name: 'n', region: 'us-east-1' },
      { displayName: 'd' },
      `arn:aws:sns:us-east-1:${ACCOUNT}:n`,
    ],
    [
      'cloudwatch/eventTarget:EventTarget',
      { arn: 'a', rule: 'r', targetId: 't' },
      { arn: 'b' },
      'a',
    ],
    ['sns/topicPolicy:TopicPolicy', { arn: 'a', policy: '{}' }, { policy: '[]' }, 'a'],
  ])('%s is kept, changed and given its ARN', async (type, inputs, changed, arn) => {
    const resource = new PluginResource(plugin, `aws:${type}`);
    expect(await resource.up(inputs)).toBe('create');
    expect(resource.outputs).toMatchObject({ ...inputs, arn });
    expect(await resource.refresh()).toBe(true);
    expect(await resource.up(inputs)).toBe('same');
    expect(await resource.up({ ...inputs, ...changed })).toBe('update');
    expect(resource.outputs).toMatchObject({ ...inputs, ...changed });
  });

  it('a property that is not served is refused', async () => {
    const target = new PluginResource(plugin, 'aws:cloudwatch/eventTarget:EventTarget');
    await expect(target.up({ rule: 'r', arn: 'a', deadLetterConfig: {} })).rejects.toThrow(
      'not served',
    );
  });
});

describe('when a function is called', () => {
  it.each([
    ['getCallerIdentity', { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` }],
    ['getRegion', { region: REGION, name: REGION }],
  ])('%s answers from the configuration', async (name, expected) => {
    const { result } = await plugin.invoke({ token: `aws:index/${name}:${name}`, args: {} });
    expect(result).toMatchObject(expected);
  });
});

describe('when the stand-in is asked for more than it has', () => {
  it('a type or a function is refused', async () => {
    const bucket = new PluginResource(plugin, 'aws:s3/bucket:Bucket');
    await expect(bucket.up({})).rejects.toThrow('does not serve aws:s3/bucket:Bucket');
    await expect(plugin.invoke({ token: 'aws:s3/x:x', args: {} })).rejects.toThrow('aws:s3/x:x');
  });

  it.each([
    ['a role', { assumeRole: '{}', region: REGION }, 'assumes no roles'],
    ['a Region that nobody names', {}, 'aws:region'],
    ['the real AWS', { region: REGION, endpoints: '[]' }, 'aws:endpoints'],
  ])('%s is refused', async (_what, config, message) => {
    const other = await start(world.project);
    const key = new PluginResource(other, 'aws:kms/externalKey:ExternalKey');
    const attempt = other.configure('p', 'pulumi:providers:aws', config).then(() => key.up({}));
    await expect(attempt).rejects.toThrow(message);
    await other.stop();
  });
});
