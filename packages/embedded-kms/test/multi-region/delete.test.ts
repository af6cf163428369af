import { CancelKeyDeletionCommand } from '@aws-sdk/client-kms';
import { DAY, describeKey } from '../support/world';
import { regionsForAll, replicatedKey, schedule } from './regions';

const regions = regionsForAll();
const { world, there } = regions;

describe('when a primary key is to be deleted', () => {
  it('waits for its replicas, and its window begins when the last is gone', async () => {
    const { keyId, arn } = await replicatedKey(regions);
    const answer = await schedule(world, keyId);
    expect(answer).toMatchObject({
      KeyId: arn,
      KeyState: 'PendingReplicaDeletion',
      PendingWindowInDays: 7,
    });
    expect(answer).not.toHaveProperty('DeletionDate');
    world.clock.advance(30 * DAY);
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'PendingReplicaDeletion',
      PendingDeletionWindowInDays: 7,
    });
    await expect(schedule(world, keyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn} is pending replica deletion.`,
    });

    const { DeletionDate: replicaGone } = await schedule(there, keyId);
    world.clock.advance(8 * DAY);
    const metadata = await describeKey(world, keyId);
    expect(metadata).toMatchObject({
      KeyState: 'PendingDeletion',
      DeletionDate: new Date(replicaGone!.getTime() + 7 * DAY),
      MultiRegionConfiguration: { ReplicaKeys: [] },
    });
    world.clock.advance(6 * DAY);
    await expect(describeKey(world, keyId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('is Disabled after cancellation', async () => {
    const { keyId } = await replicatedKey(regions);
    await schedule(world, keyId);
    await world.client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Disabled' });
  });
});
