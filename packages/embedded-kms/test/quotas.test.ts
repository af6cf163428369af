import { ReplicateKeyCommand, UpdatePrimaryRegionCommand } from '@aws-sdk/client-kms';
import { startKms } from '../src';
import { KMS_OPERATIONS } from '../src/operations/registry';
import { Quotas } from '../src/http/quotas';
import {
  ACCOUNT,
  clientFor,
  createKey,
  describeKey,
  parametersForImport,
  REGION,
  SECOND,
  startWorld,
  type World,
} from './support/world';

const THROTTLED = {
  name: 'ThrottlingException',
  message:
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
};

let world: World;
beforeEach(async () => {
  world = await startWorld({ quotas: true });
});
afterEach(() => world.close());

const outcomes = async (calls: number, call: () => Promise<unknown>) => {
  const results = [];
  for (let index = 0; index < calls; index++) {
    results.push(
      await call().then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      ),
    );
  }
  return results;
};

describe('when the quotas of AWS are in force', () => {
  it('throttles in AWS words above a rate, and fills up with the clock', async () => {
    for (let index = 0; index < 5; index++) await createKey(world);
    await expect(createKey(world)).rejects.toMatchObject(THROTTLED);
    world.clock.advance(SECOND / 5);
    await createKey(world);
    await expect(createKey(world)).rejects.toMatchObject(THROTTLED);
    world.clock.advance(3600 * SECOND);
    expect(await outcomes(6, () => createKey(world))).toEqual([
      ...Array<string>(5).fill('ok'),
      THROTTLED.name,
    ]);
  });

  it('lets three calls of GetParametersForImport through at once, then one a second', async () => {
    const { KeyId } = await createKey(world);
    const get = () => parametersForImport(world, KeyId);
    expect(await outcomes(4, get)).toEqual(['ok', 'ok', 'ok', THROTTLED.name]);
    world.clock.advance(SECOND);
    expect(await outcomes(2, get)).toEqual(['ok', THROTTLED.name]);
  });

  it('counts for each account and Region apart', async () => {
    await outcomes(5, () => createKey(world));
    for (const who of [{ region: 'us-west-2' }, { accessKeyId: '999900001111' }]) {
      const client = clientFor(world.kms, who);
      await createKey({ ...world, client });
      client.destroy();
    }
    await expect(createKey(world)).rejects.toMatchObject(THROTTLED);
  });

  it('counts a replication as two CreateKey requests in the Region of the replica', async () => {
    const { KeyId } = await createKey(world, { MultiRegion: true });
    const there = { ...world, client: clientFor(world.kms, { region: 'us-west-2' }) };
    await world.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' }));
    expect(await outcomes(4, () => createKey(there))).toEqual(['ok', 'ok', 'ok', THROTTLED.name]);
    there.client.destroy();
  });

  it('counts a change of the primary Region in both Regions', async () => {
    const there = { ...world, client: clientFor(world.kms, { region: 'us-west-2' }) };
    const move = ({ client }: World, PrimaryRegion: string) =>
      client.send(new UpdatePrimaryRegionCommand({ KeyId: 'x', PrimaryRegion }));
    expect(await outcomes(3, () => move(world, 'us-west-2'))).not.toContain(THROTTLED.name);
    expect(await outcomes(3, () => move(there, 'eu-north-1'))).toEqual([
      'NotFoundException',
      'NotFoundException',
      THROTTLED.name,
    ]);
    expect(await outcomes(3, () => move(world, 'sa-east-1'))).toEqual([
      'NotFoundException',
      'NotFoundException',
      THROTTLED.name,
    ]);
    there.client.destroy();
  });

  it('knows a rate for every operation that is served, but for those of cryptography', () => {
    const quotas = new Quotas(true);
    const caller = { accountId: ACCOUNT, region: REGION };
    const unlimited = [...KMS_OPERATIONS.keys()].filter((operation) =>
      Array.from({ length: 2001 }, () => quotas.take(caller, operation, {}, 0)).every(Boolean),
    );
    expect(unlimited).toEqual([
      'Decapsulate',
      'Decrypt',
      'DeriveSharedSecret',
      'Encapsulate',
      'Encrypt',
      'GenerateDataKey',
      'GenerateDataKeyPair',
      'GenerateDataKeyPairWithoutPlaintext',
      'GenerateDataKeyWithoutPlaintext',
      'GenerateMac',
      'GenerateRandom',
      'ReEncrypt',
      'Sign',
      'Verify',
      'VerifyMac',
    ]);
  });
});

describe('when rates are given by operation', () => {
  it('throttles only those operations', async () => {
    const own = await startWorld({ quotas: { CreateKey: 0.5 } });
    try {
      const { KeyId } = await createKey(own);
      await expect(createKey(own)).rejects.toMatchObject(THROTTLED);
      await outcomes(20, () => parametersForImport(own, KeyId));
      expect((await describeKey(own, KeyId)).KeyState).toBe('PendingImport');
      own.clock.advance(2 * SECOND);
      await createKey(own);
    } finally {
      await own.close();
    }
  });

  it.each([0, -1, NaN, Infinity])('refuses a rate of %d', async (rate) => {
    await expect(startKms({ quotas: { CreateKey: rate } })).rejects.toThrow(TypeError);
  });
});

describe('when no quotas are asked for', () => {
  it('never throttles', async () => {
    const free = await startWorld();
    try {
      expect(new Set(await outcomes(50, () => createKey(free)))).toEqual(new Set(['ok']));
    } finally {
      await free.close();
    }
  });
});
