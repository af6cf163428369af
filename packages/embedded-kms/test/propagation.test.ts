import { ListKeysCommand } from '@aws-sdk/client-kms';
import { startKms } from '../src';
import {
  createKey,
  DAY,
  describeKey,
  importedKey,
  parametersForImport,
  startWorld,
} from './support/world';

describe('when new keys take time to be found', () => {
  it('answers NotFoundException until the time is over, and nothing is lost', async () => {
    const world = await startWorld({ propagationSeconds: 3 });
    try {
      const { KeyId, Arn } = await createKey(world);
      world.clock.advance(2999);
      for (const call of [describeKey(world, KeyId), parametersForImport(world, KeyId)]) {
        await expect(call).rejects.toMatchObject({
          name: 'NotFoundException',
          message: `Key '${Arn}' does not exist`,
        });
      }
      world.clock.advance(1);
      expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'PendingImport' });
      const { Keys: keys } = await world.client.send(new ListKeysCommand({}));
      expect(keys).toHaveLength(1);
    } finally {
      await world.close();
    }
  });

  it('finds them at once by default', async () => {
    const world = await startWorld();
    try {
      await importedKey(world);
    } finally {
      await world.close();
    }
  });

  it.each(['propagationSeconds', 'replicationSeconds', 'rotationSeconds'] as const)(
    'refuses a negative %s',
    async (name) => {
      await expect(startKms({ [name]: -1 })).rejects.toThrow(TypeError);
    },
  );
});

describe('when the clock is set back to before the creation of a key', () => {
  it('the key is found', async () => {
    const world = await startWorld();
    try {
      const { KeyId } = await createKey(world);
      world.clock.advance(-DAY);
      expect(await describeKey(world, KeyId)).toMatchObject({ KeyId });
    } finally {
      await world.close();
    }
  });
});
