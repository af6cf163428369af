import {
  CreateAliasCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdateAliasCommand,
  type AliasListEntry,
} from '@aws-sdk/client-kms';
import { clientFor, createKey, DAY, HOUR, worldForAll, type World } from '../support/world';

const world = worldForAll();

const create = (AliasName: string, TargetKeyId: string) =>
  world.client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
const move = (AliasName: string, TargetKeyId: string) =>
  world.client.send(new UpdateAliasCommand({ AliasName, TargetKeyId }));
const remove = (AliasName: string) => world.client.send(new DeleteAliasCommand({ AliasName }));
const describeKey = async (KeyId: string) =>
  (await world.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
const list = async (KeyId?: string): Promise<AliasListEntry[]> =>
  (await world.client.send(new ListAliasesCommand(KeyId === undefined ? {} : { KeyId }))).Aliases!;

const ARN = 'arn:aws:kms:eu-central-1:111122223333:';

describe('when aliases change between two pages', () => {
  it.each([
    ['one is created', (a: string) => create('alias/between/a2', a)],
    ['one moves to another key', (_a: string, b: string) => move('alias/between/a0', b)],
    ['one is pointed to its key again', (a: string) => move('alias/between/a1', a)],
  ])('where %s, the second page has those that the first had not', async (_what, change) => {
    const [a, b] = [await createKey(world, {}), await createKey(world, {})];
    const names = ['a0', 'a1', 'b0', 'b1'].map((name) => `alias/between/${name}`);
    for (const name of names) await create(name, name.includes('/a') ? a.KeyId : b.KeyId);
    const pages: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await world.client.send(new ListAliasesCommand({ Limit: 2, Marker }));
      const found = page.Aliases!.map(({ AliasName }) => AliasName!);
      if (found.includes(names[1]!)) await change(a.KeyId, b.KeyId);
      pages.push(...found);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(pages).toEqual(expect.arrayContaining(names));
    for (const { AliasName } of await list()) {
      if (AliasName!.startsWith('alias/between/')) await remove(AliasName!);
    }
  });
});

describe('when a key has an alias', () => {
  it('is found by its name and ARN, for use and description', async () => {
    const { KeyId, Arn } = await createKey(world, {});
    await create('alias/use', KeyId);
    for (const name of ['alias/use', `${ARN}alias/use`]) {
      expect(await describeKey(name)).toMatchObject({ KeyId });
      const { CiphertextBlob } = await world.client.send(
        new EncryptCommand({ KeyId: name, Plaintext: Buffer.from('x') }),
      );
      const opened = await world.client.send(new DecryptCommand({ CiphertextBlob, KeyId: name }));
      expect(opened.KeyId).toBe(Arn);
    }
  });

  it('is listed with it', async () => {
    const { KeyId } = await createKey(world, {});
    const at = world.clock.now();
    await create('alias/b/listed', KeyId);
    await create('alias/a_listed', KeyId);
    const entry = { TargetKeyId: KeyId, CreationDate: at, LastUpdatedDate: at };
    const expected = [
      { AliasName: 'alias/b/listed', AliasArn: `${ARN}alias/b/listed`, ...entry },
      { AliasName: 'alias/a_listed', AliasArn: `${ARN}alias/a_listed`, ...entry },
    ];
    expect(await list(KeyId)).toEqual(expected);
    expect(await list()).toEqual(expect.arrayContaining(expected));
    const page = await world.client.send(new ListAliasesCommand({ KeyId, Limit: 1 }));
    expect(page).toMatchObject({ Aliases: [expected[0]], Truncated: true });
    const rest = await world.client.send(
      new ListAliasesCommand({ KeyId, Marker: page.NextMarker }),
    );
    expect(rest).toMatchObject({ Aliases: [expected[1]], Truncated: false });
  });

  it('is not found by it where AWS takes no alias', async () => {
    const { KeyId } = await createKey(world, {});
    await create('alias/refused', KeyId);
    for (const name of ['alias/refused', `${ARN}alias/refused`]) {
      for (const call of [
        () => world.client.send(new EnableKeyCommand({ KeyId: name })),
        () => world.client.send(new GetKeyPolicyCommand({ KeyId: name })),
        () => world.client.send(new ScheduleKeyDeletionCommand({ KeyId: name })),
        () => list(name),
      ]) {
        await expect(call()).rejects.toMatchObject({
          name: 'NotFoundException',
          message: `Invalid keyId '${name}'`,
        });
      }
    }
  });

  it('is not the target of another alias', async () => {
    const { KeyId } = await createKey(world, {});
    await create('alias/first', KeyId);
    await create('alias/second', KeyId);
    for (const name of ['alias/first', `${ARN}alias/first`]) {
      for (const call of [
        () => create('alias/of-an-alias', name),
        () => move('alias/second', name),
      ]) {
        await expect(call()).rejects.toMatchObject({
          name: 'ValidationException',
          message: 'Aliases must refer to keys. Not aliases',
        });
      }
    }
  });

  it('loses it with its own deletion', async () => {
    const { KeyId } = await createKey(world, {});
    await create('alias/short-lived', KeyId);
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(await describeKey('alias/short-lived')).toMatchObject({ KeyState: 'PendingDeletion' });
    world.clock.advance(7 * DAY);
    await expect(describeKey('alias/short-lived')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Alias ${ARN}alias/short-lived is not found.`,
    });
    await create('alias/short-lived', (await createKey(world, {})).KeyId);
  });
});

describe('when an alias is moved', () => {
  it('names the other key, and keeps its creation date', async () => {
    const [from, to] = [await createKey(world, {}), await createKey(world, {})];
    const created = world.clock.now();
    await create('alias/moving', from.KeyId);
    world.clock.advance(HOUR);
    await move('alias/moving', to.KeyId);
    expect(await describeKey('alias/moving')).toMatchObject({ KeyId: to.KeyId });
    expect(await list(from.KeyId)).toEqual([]);
    expect(await list(to.KeyId)).toMatchObject([
      { CreationDate: created, LastUpdatedDate: world.clock.now() },
    ]);
    await move('alias/moving', to.KeyId);
    expect(await list(to.KeyId)).toHaveLength(1);
  });

  it('stays with the type and usage of its key', async () => {
    const from = await createKey(world, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await create('alias/type', from.KeyId);
    for (const input of [
      {},
      { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
      { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
    ] as const) {
      const { KeyId } = await createKey(world, input);
      await expect(move('alias/type', KeyId)).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
    const other = await createKey(world, {
      KeySpec: 'ECC_NIST_EDWARDS25519',
      KeyUsage: 'SIGN_VERIFY',
    });
    await move('alias/type', other.KeyId);
    await world.client.send(
      new SignCommand({
        KeyId: 'alias/type',
        Message: Buffer.from('x'),
        SigningAlgorithm: 'ED25519_SHA_512',
      }),
    );
  });
});

describe('when an alias cannot be', () => {
  it.each([
    ['one without prefix', 'plain', 'ValidationException'],
    ['one without a name', 'alias/', 'ValidationException'],
    ['one of AWS', 'alias/aws/s3', 'NotAuthorizedException'],
    ['one with other characters', 'alias/ä', 'ValidationException'],
    ['one with a colon', 'alias/a:b', 'ValidationException'],
  ])('refuses %s', async (_what, name, error) => {
    const { KeyId } = await createKey(world, {});
    for (const call of [() => create(name, KeyId), () => move(name, KeyId), () => remove(name)]) {
      await expect(call()).rejects.toMatchObject({ name: error });
    }
  });

  it('refuses a second one of the same name, and one that is not there', async () => {
    const { KeyId } = await createKey(world, {});
    await create('alias/twice', KeyId);
    await expect(create('alias/twice', KeyId)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: `An alias with the name ${ARN}alias/twice already exists`,
    });
    await remove('alias/twice');
    for (const call of [() => remove('alias/twice'), () => move('alias/twice', KeyId)]) {
      await expect(call()).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });

  it('refuses the fifty-first of a key', async () => {
    const { KeyId } = await createKey(world, {});
    const spare = (await createKey(world, {})).KeyId;
    for (let count = 0; count < 50; count++) await create(`alias/many-${count}`, KeyId);
    await create('alias/one-more', spare);
    for (const call of [
      () => create('alias/too-many', KeyId),
      () => move('alias/one-more', KeyId),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'LimitExceededException' });
    }
    expect(await describeKey('alias/one-more')).toMatchObject({ KeyId: spare });
  });

  it('is of one Region and account', async () => {
    const { KeyId } = await createKey(world, {});
    await create('alias/here', KeyId);
    const call = (client: World['client'], id: string) =>
      client.send(new DescribeKeyCommand({ KeyId: id }));
    const west = clientFor(world.kms, { region: 'us-west-2' });
    const stranger = clientFor(world.kms, { accessKeyId: '444455556666' });
    const notFound = { name: 'NotFoundException' };
    await expect(call(west, 'alias/here')).rejects.toMatchObject(notFound);
    await expect(call(west, `${ARN}alias/here`)).rejects.toMatchObject(notFound);
    await expect(call(stranger, 'alias/here')).rejects.toMatchObject(notFound);
    await expect(call(stranger, `${ARN}alias/here`)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
