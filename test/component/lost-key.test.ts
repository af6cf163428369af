import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';
import { available, type Engine } from '../support/imported-key-life';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { recordCodesIn } from '../support/seen-codes';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';

jest.setTimeout(300_000);

const FAR = 'us-east-1';

let clock: ManualClock;
let kms: EmbeddedKms;
let near: KMSClient;
let far: KMSClient;
let project: AwsProgram;
let keyId: string;

beforeEach(async () => {
  clock = new ManualClock();
  kms = await startKms({ clock, replicationSeconds: 0, rotationSeconds: 0 });
  near = clientOf(kms, REGION);
  far = clientOf(kms, FAR);
  project = new AwsProgram(kms, clock);
  for (const number of [1, 2]) project.write(`${number}.bin`, randomBytes(32));
});

afterEach(async () => {
  near.destroy();
  far.destroy();
  project.remove();
  await kms.close();
});

function declare(args = '', opts = '{}'): void {
  project.program(`
    const key = new byok.ImportedKey('root', {
      materials: [{ file: '1.bin' }, { file: '2.bin' }], alias: 'app/root', ${args}
    }, ${opts});
    exports.keyId = key.keyId;`);
}

async function create(engine: Engine): Promise<void> {
  const { ok, text } = await engine.up();
  expect(ok ? '' : text).toBe('');
  ({ keyId } = (await engine.outputs()) as { keyId: string });
  // The component has recorded its key, as in the life of every key.
  expect(Object.keys((await engine.up()).summary)).toEqual(['same']);
}

const schedule = (client: KMSClient, days = 7) =>
  client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: days }));

async function cancel(client: KMSClient): Promise<void> {
  await client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
  await client.send(new EnableKeyCommand({ KeyId: keyId }));
}

const calls = (): string[] => kms.calls.map(({ operation }) => operation);
const stateIn = async (client: KMSClient) =>
  (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState;

async function refuses(engine: Engine, operation: 'preview' | 'up'): Promise<string> {
  kms.clearCalls();
  const { ok, text } = await engine[operation]();
  expect(ok).toBe(false);
  recordCodesIn(text);
  expect(text).toContain('[KEY_LOST]');
  expect(calls()).not.toContain('ImportKeyMaterial');
  expect(calls()).not.toContain('ReplicateKey');
  expect(calls()).not.toContain('UpdateAlias');
  expect(calls()).not.toContain('CreateAlias');
  return text;
}

describe('when a refresh has removed the key of an ImportedKey from the state', () => {
  it('no other key gets its material or alias, and the key can be taken back', async () => {
    const engine = await available(project);
    declare();
    await create(engine);
    await schedule(near);
    expect((await engine.refresh()).ok).toBe(true);
    const text = await refuses(engine, 'preview');
    expect(calls()).toEqual([]);
    expect(text).toContain(`cancel-key-deletion --key-id`);
    expect(text).toContain(keyId);
    // An update without a preview has created an empty key before it can compare the two.
    await refuses(engine, 'up');
    await refuses(engine, 'up');

    await cancel(near);
    declare(`adoptKeyId: '${keyId}'`);
    const taken = await engine.up();
    expect(taken.ok ? '' : taken.text).toBe('');
    expect(await engine.outputs()).toEqual({ keyId });
    expect((await engine.refresh()).ok).toBe(true);
    expect(Object.keys((await engine.up()).summary)).toEqual(['same']);
    expect(await works(near, keyId)).toBe(true);
    expect(calls()).not.toContain('ImportKeyMaterial');
    // The empty key, if there was one, goes.
    const { Keys = [] } = await near.send(new ListKeysCommand({}));
    const states = await Promise.all(
      Keys.filter(({ KeyId }) => KeyId !== keyId).map(
        async ({ KeyId }) => (await near.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata,
      ),
    );
    expect(states.map((other) => other?.KeyState)).toEqual(['PendingDeletion']);
    const { Aliases = [] } = await near.send(new ListAliasesCommand({ KeyId: keyId }));
    expect(Aliases).toHaveLength(1);
  });

  it('a key that is gone is not created again in silence, but is once protect is false', async () => {
    const engine = await available(project);
    declare();
    await create(engine);
    await schedule(near);
    project.passDays(8);
    expect((await engine.refresh()).ok).toBe(true);
    await refuses(engine, 'preview');
    expect(calls()).toEqual([]);
    await refuses(engine, 'up');
    declare('', '{ protect: false }');
    const begun = await engine.up();
    expect(begun.ok ? '' : begun.text).toBe('');
    const before = keyId;
    ({ keyId } = (await engine.outputs()) as { keyId: string });
    expect(keyId).not.toBe(before);
    expect(await works(near, keyId)).toBe(true);
    declare();
    expect((await engine.up()).ok).toBe(true);
  });

  it('a key with a deletion window of its own can be taken back', async () => {
    const engine = await available(project);
    declare('deletionWindowInDays: 7');
    await create(engine);
    await schedule(near);
    expect((await engine.refresh()).ok).toBe(true);
    await cancel(near);
    declare(`deletionWindowInDays: 7, adoptKeyId: '${keyId}'`);
    const taken = await engine.up();
    expect(taken.ok ? '' : taken.text).toBe('');
    expect(await engine.outputs()).toEqual({ keyId });
  });

  it('a key that was rescued keeps its material, although the program begins with another key', async () => {
    const engine = await available(project);
    declare();
    await create(engine);
    await schedule(near);
    expect((await engine.refresh()).ok).toBe(true);
    await cancel(near);
    declare('', '{ protect: false }');
    const begun = await engine.up();
    expect(begun.ok ? '' : begun.text).toBe('');
    expect(await engine.outputs()).not.toEqual({ keyId });
    expect(await works(near, keyId)).toBe(true);
  });

  it('a key that an argument replaces keeps its material, so a cancelled deletion brings it back', async () => {
    const engine = await available(project);
    declare('', '{ protect: false }');
    await create(engine);
    declare(`region: '${FAR}'`, '{ protect: false }');
    const replaced = await engine.up();
    expect(replaced.ok ? '' : replaced.text).toBe('');
    expect(await stateIn(near)).toBe('PendingDeletion');
    await cancel(near);
    expect(await works(near, keyId)).toBe(true);
  });

  it.each(['', 'shredOnDestroy: true'])(
    'a key is kept that the program did not protect at first (%s)',
    async (args) => {
      const engine = await available(project);
      declare(args, '{ protect: false }');
      await create(engine);
      declare(args);
      expect((await engine.up()).ok).toBe(true);
      await schedule(near);
      project.passDays(8);
      expect((await engine.refresh()).ok).toBe(true);
      await refuses(engine, 'preview');
    },
  );

  it('a destroy leaves the material in the key, so a cancelled deletion brings it back', async () => {
    const engine = await available(project);
    declare('', '{ protect: false }');
    await create(engine);
    await schedule(near);
    expect((await engine.refresh()).ok).toBe(true);
    const destroyed = await engine.destroy();
    expect(destroyed.ok ? '' : destroyed.text).toBe('');
    expect(await materialsOf(near, keyId)).toMatchObject([
      { ImportState: 'IMPORTED' },
      { ImportState: 'IMPORTED' },
    ]);
    await cancel(near);
    expect(await works(near, keyId)).toBe(true);
  });

  it('a destroy with shredOnDestroy deletes the material of that key too', async () => {
    const engine = await available(project);
    declare('', '{ protect: false }');
    await create(engine);
    declare('shredOnDestroy: true', '{ protect: false }');
    expect((await engine.up()).ok).toBe(true);
    await schedule(near);
    expect((await engine.refresh()).ok).toBe(true);
    expect((await engine.destroy()).ok).toBe(true);
    expect(await materialsOf(near, keyId)).toMatchObject([
      { ImportState: 'PENDING_IMPORT' },
      { ImportState: 'PENDING_IMPORT' },
    ]);
  });

  it('a replica whose deletion is scheduled is refused at preview, and created again once it is gone', async () => {
    const engine = await available(project);
    declare(`replicas: [{ region: '${FAR}' }]`);
    await create(engine);
    await schedule(far);
    expect((await engine.refresh()).ok).toBe(true);
    const text = await refuses(engine, 'preview');
    expect(text).toContain(`arn:aws:kms:${FAR}`);
    expect(await stateIn(near)).toBe('Enabled');
    project.passDays(8);
    expect((await engine.refresh()).ok).toBe(true);
    const again = await engine.up();
    expect(again.ok ? '' : again.text).toBe('');
    expect(await works(far, keyId)).toBe(true);
    expect(await engine.outputs()).toEqual({ keyId });
  });
});

describeWithPulumi('when the deletion of a multi-Region key is cancelled', () => {
  it('its replicas are taken back by pulumi import, as the page says', async () => {
    const stack = await project.real();
    const replicas = `replicas: [{ region: '${FAR}' }]`;
    declare(replicas);
    expect((await stack.up()).ok).toBe(true);
    ({ keyId } = (await stack.outputs()) as { keyId: string });
    await schedule(far);
    await schedule(near);
    expect((await stack.refresh()).ok).toBe(true);
    const refused = await stack.preview();
    expect(refused.output).toContain('[KEY_LOST]');
    await cancel(near);
    await cancel(far);
    const { deployment } = await stack.exportState();
    const parent = deployment.resources.find(({ urn }) =>
      String(urn).endsWith('ImportedKey::root'),
    );
    const imported = await stack.importFile({
      nameTable: { root: parent?.urn },
      resources: [
        {
          type: 'aws:kms/replicaExternalKey:ReplicaExternalKey',
          name: `root-${FAR}`,
          id: `${keyId}@${FAR}`,
          parent: 'root',
        },
      ],
    });
    expect(imported.ok ? '' : imported.output).toBe('');
    declare(`${replicas}, adoptKeyId: '${keyId}'`);
    kms.clearCalls();
    const taken = await stack.up();
    expect(taken.ok ? '' : taken.output).toBe('');
    expect((await stack.refresh()).ok).toBe(true);
    expect(Object.keys((await stack.up()).summary)).toEqual(['same']);
    expect(calls()).not.toContain('ImportKeyMaterial');
    expect([await works(near, keyId), await works(far, keyId)]).toEqual([true, true]);
  });
});
