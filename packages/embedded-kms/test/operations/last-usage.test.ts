import {
  CreateKeyCommand,
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  GetKeyLastUsageCommand,
  KeyLastUsageTrackingOperation,
  ReEncryptCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { startKms } from '../../src';
import type { Context } from '../../src/keys/context';
import { lastUsage as shownUsage, recordUsage } from '../../src/keys/last-usage';
import { KMS_OPERATIONS } from '../../src/operations/registry';
import type { KeyRecord } from '../../src/state/records';
import { clientFor, createKey, DAY, HOUR, startWorld, worldForAll } from '../support/world';

const world = worldForAll();
const MINUTE = HOUR / 60;

const lastUsage = async (KeyId: string, client = world.client) =>
  client.send(new GetKeyLastUsageCommand({ KeyId }));
const key = async () => (await createKey(world, {})).KeyId;
const encrypt = (KeyId: string) =>
  world.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('a') }));

describe('when a key has not been used', () => {
  it('the usage is empty, and tracking began with the key', async () => {
    const { KeyId, CreationDate } = await createKey(world, {});
    expect(await lastUsage(KeyId)).toMatchObject({
      KeyId,
      KeyLastUsage: {},
      TrackingStartDate: CreationDate,
      KeyCreationDate: CreationDate,
    });
  });

  it('calls that manage it are no usage', async () => {
    const KeyId = await key();
    await world.client.send(new DisableKeyCommand({ KeyId }));
    world.clock.advance(2 * HOUR);
    expect((await lastUsage(KeyId)).KeyLastUsage).toEqual({});
  });

  it('a refused call is no usage, a dry run included', async () => {
    const KeyId = await key();
    const Plaintext = Buffer.from('a');
    const { client } = world;
    await client
      .send(new EncryptCommand({ KeyId, Plaintext, DryRun: true }))
      .catch(() => undefined);
    await client
      .send(new GenerateMacCommand({ KeyId, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_256' }))
      .catch(() => undefined);
    world.clock.advance(2 * HOUR);
    expect((await lastUsage(KeyId)).KeyLastUsage).toEqual({});
  });
});

describe('when a key has been used', () => {
  it('the use is shown within an hour, with its operation, time and requests', async () => {
    const KeyId = await key();
    const at = world.clock.now();
    const { $metadata } = await encrypt(KeyId);
    expect((await lastUsage(KeyId)).KeyLastUsage).toEqual({});
    world.clock.advance(HOUR);
    expect((await lastUsage(KeyId)).KeyLastUsage).toEqual({
      Operation: 'Encrypt',
      Timestamp: at,
      CloudTrailEventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      KmsRequestId: $metadata.requestId,
    });
  });

  it('steady use is shown within an hour too, and a later use replaces an earlier one', async () => {
    const KeyId = await key();
    for (let minute = 0; minute < 90; minute += 10) {
      await encrypt(KeyId);
      world.clock.advance(10 * MINUTE);
    }
    const shown = (await lastUsage(KeyId)).KeyLastUsage?.Timestamp?.getTime() ?? 0;
    expect(world.clock.now().getTime() - shown).toBeLessThanOrEqual(HOUR);
    world.clock.advance(DAY);
    const later = (await lastUsage(KeyId)).KeyLastUsage?.Timestamp?.getTime() ?? 0;
    expect(later).toBe(world.clock.now().getTime() - DAY - 10 * MINUTE);
  });

  it('a use after the clock was set back is shown within an hour too', async () => {
    const KeyId = await key();
    await encrypt(KeyId);
    world.clock.advance(-5 * HOUR);
    const at = world.clock.now();
    await encrypt(KeyId);
    world.clock.advance(HOUR);
    expect((await lastUsage(KeyId)).KeyLastUsage).toMatchObject({ Timestamp: at });
    world.clock.advance(4 * HOUR);
  });

  it('ReEncrypt is a use of both keys, each with its own event', async () => {
    const [from, to] = [await key(), await key()];
    const { CiphertextBlob } = await encrypt(from);
    world.clock.advance(HOUR);
    await world.client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: to }));
    world.clock.advance(HOUR);
    const [source, destination] = [await lastUsage(from), await lastUsage(to)];
    expect(source.KeyLastUsage).toMatchObject({ Operation: 'ReEncrypt' });
    expect(destination.KeyLastUsage).toMatchObject({ Operation: 'ReEncrypt' });
    expect(source.KeyLastUsage?.CloudTrailEventId).not.toBe(
      destination.KeyLastUsage?.CloudTrailEventId,
    );
  });

  it('each operation that uses a key counts, by alias too, and in every state of the key', async () => {
    const KeyId = await key();
    const use = async (send: () => Promise<unknown>) => {
      await send();
      world.clock.advance(HOUR);
      return (await lastUsage(KeyId)).KeyLastUsage?.Operation;
    };
    const { CiphertextBlob } = await encrypt(KeyId);
    expect(await use(() => world.client.send(new DecryptCommand({ CiphertextBlob })))).toBe(
      'Decrypt',
    );
    const generate = () =>
      world.client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    expect(await use(generate)).toBe('GenerateDataKey');
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    expect((await lastUsage(KeyId)).KeyLastUsage?.Operation).toBe('GenerateDataKey');

    const { KeyMetadata } = await world.client.send(
      new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
    );
    const mac = {
      KeyId: KeyMetadata!.KeyId!,
      Message: Buffer.from('m'),
      MacAlgorithm: 'HMAC_SHA_256',
    } as const;
    const { Mac } = await world.client.send(new GenerateMacCommand(mac));
    await world.client.send(new VerifyMacCommand({ ...mac, Mac }));
    world.clock.advance(HOUR);
    expect((await lastUsage(mac.KeyId)).KeyLastUsage?.Operation).toBe('VerifyMac');
  });

  it.each([...KMS_OPERATIONS.keys()])('%s is usage if AWS tracks it', (operation) => {
    const record = {} as KeyRecord;
    const context = {
      store: { keys: () => new Map([['key', record]]) },
      now: 1,
      usageTrackingStart: 0,
      usageLagMilliseconds: 0,
    } as unknown as Context;
    const output = { KeyId: 'arn:aws:kms:eu-central-1:111122223333:key/key' };
    recordUsage(context, { operation, output, requestId: 'r' });
    expect(shownUsage(record, 1)?.operation).toBe(
      Object.keys(KeyLastUsageTrackingOperation).find((name) => name === operation),
    );
  });

  it('the keys of a multi-Region family are counted apart', async () => {
    const { KeyId } = await createKey(world, { MultiRegion: true });
    await world.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    world.clock.advance(MINUTE);
    await encrypt(KeyId);
    world.clock.advance(HOUR);
    const there = clientFor(world.kms, { region: 'eu-west-1' });
    expect((await lastUsage(KeyId)).KeyLastUsage).toMatchObject({ Operation: 'Encrypt' });
    expect((await lastUsage(KeyId, there)).KeyLastUsage).toEqual({});
    there.destroy();
  });

  it('an alias is not accepted', async () => {
    await expect(lastUsage('alias/any')).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('when a key is older than the tracking', () => {
  it('a use before it is not recorded, and the answer says since when uses are', async () => {
    const usageTrackingStart = new Date('2030-01-02T00:00:00Z');
    const old = await startWorld({ usageTrackingStart, usageLagSeconds: 0 });
    const { KeyId, CreationDate } = await createKey(old, {});
    const use = () => old.client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    await use();
    const shown = () => lastUsage(KeyId, old.client);
    expect(await shown()).toMatchObject({
      KeyLastUsage: {},
      TrackingStartDate: usageTrackingStart,
      KeyCreationDate: CreationDate,
    });
    old.clock.advance(DAY);
    await use();
    expect((await shown()).KeyLastUsage).toMatchObject({ Timestamp: usageTrackingStart });
    await old.close();
  });

  it('a negative lag is refused', async () => {
    await expect(startKms({ usageLagSeconds: -1 })).rejects.toThrow(TypeError);
  });
});

describe('when a snapshot is taken', () => {
  it('the usage is in it', async () => {
    const first = await startWorld({ usageLagSeconds: 0 });
    const { KeyId } = await createKey(first, {});
    await first.client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    const second = await startWorld({ state: first.kms.snapshot() });
    expect((await lastUsage(KeyId, second.client)).KeyLastUsage).toMatchObject({
      Operation: 'GenerateDataKey',
    });
    await Promise.all([first.close(), second.close()]);
  });
});
