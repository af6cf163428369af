import {
  CreateGrantCommand,
  DescribeKeyCommand,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  type CreateGrantCommandInput,
  type GrantOperation,
  type RetireGrantCommandInput,
} from '@aws-sdk/client-kms';
import { clientFor, createKey, worldForAll } from '../support/world';

const world = worldForAll();

const ROLE = 'arn:aws:iam::111122223333:role/grantee';
const BOSS = 'arn:aws:iam::111122223333:role/boss';

const create = (KeyId: string, extras: Partial<CreateGrantCommandInput> = {}) =>
  world.client.send(
    new CreateGrantCommand({ KeyId, GranteePrincipal: ROLE, Operations: ['Decrypt'], ...extras }),
  );
const list = async (KeyId: string, filter: object = {}) =>
  (await world.client.send(new ListGrantsCommand({ KeyId, ...filter }))).Grants!;
const retire = (request: RetireGrantCommandInput) =>
  world.client.send(new RetireGrantCommand(request));

describe('when a grant is made', () => {
  it('is listed as it was asked for', async () => {
    const { KeyId, Arn } = await createKey(world, {});
    const extras = {
      Name: 'mine',
      RetiringPrincipal: BOSS,
      Operations: ['Encrypt', 'Decrypt', 'GenerateDataKey'],
      Constraints: { EncryptionContextSubset: { a: 'b' } },
    } satisfies Partial<CreateGrantCommandInput>;
    const { GrantId, GrantToken } = await create(KeyId, extras);
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    expect(GrantToken!.length).toBeGreaterThan(100);
    expect(await list(KeyId)).toEqual([
      {
        KeyId: Arn,
        GrantId,
        GranteePrincipal: ROLE,
        IssuingAccount: 'arn:aws:iam::111122223333:root',
        CreationDate: world.clock.now(),
        ...extras,
      },
    ]);
  });

  it('is made once by name and twice without one', async () => {
    const { KeyId } = await createKey(world, {});
    const first = await create(KeyId, { Name: 'once' });
    const again = await create(KeyId, { Name: 'once' });
    expect(again.GrantId).toBe(first.GrantId);
    expect(again.GrantToken).not.toBe(first.GrantToken);
    const other = await create(KeyId, { Name: 'once', Operations: ['Encrypt'] });
    expect(other.GrantId).not.toBe(first.GrantId);
    await create(KeyId);
    await create(KeyId);
    expect(await list(KeyId)).toHaveLength(4);
  });

  it('is the same one if its operations and pairs are in another order', async () => {
    const { KeyId } = await createKey(world, {});
    const terms = { Name: 'order', Operations: ['Encrypt', 'Decrypt'] as GrantOperation[] };
    const inOrder = (pairs: Record<string, string>) =>
      create(KeyId, { ...terms, Constraints: { EncryptionContextSubset: pairs } });
    const first = await inOrder({ a: '1', b: '2' });
    terms.Operations.reverse();
    expect((await inOrder({ b: '2', a: '1' })).GrantId).toBe(first.GrantId);
    expect((await inOrder({ b: '1', a: '2' })).GrantId).not.toBe(first.GrantId);
    expect(await list(KeyId)).toHaveLength(2);
    expect((await list(KeyId))[0]).toMatchObject({ Operations: ['Encrypt', 'Decrypt'] });
  });

  it('is found by grantee, by id and by retiring principal, in pages', async () => {
    const { KeyId } = await createKey(world, {});
    const principal = 'arn:aws:iam::111122223333:role/pages';
    const mine = await create(KeyId, { GranteePrincipal: BOSS });
    for (let count = 0; count < 3; count++) await create(KeyId, { RetiringPrincipal: principal });
    expect(await list(KeyId, { GranteePrincipal: BOSS })).toMatchObject([
      { GrantId: mine.GrantId },
    ]);
    expect(await list(KeyId, { GrantId: mine.GrantId })).toHaveLength(1);
    const request = { RetiringPrincipal: principal };
    const page = await world.client.send(new ListRetirableGrantsCommand({ ...request, Limit: 2 }));
    expect(page).toMatchObject({ Truncated: true });
    const rest = await world.client.send(
      new ListRetirableGrantsCommand({ ...request, Marker: page.NextMarker }),
    );
    expect([...page.Grants!, ...rest.Grants!]).toHaveLength(3);
  });

  it.each<[string, GrantOperation[]]>([
    ['SYMMETRIC_DEFAULT', ['Sign']],
    ['SYMMETRIC_DEFAULT', ['GetPublicKey']],
    ['ECC_NIST_P256', ['Encrypt']],
    ['ECC_NIST_P256', ['GenerateDataKey']],
  ])('refuses for a %s key %s', async (KeySpec, Operations) => {
    const { KeyId } = await createKey(
      world,
      KeySpec === 'ECC_NIST_P256' ? { KeySpec, KeyUsage: 'SIGN_VERIFY' } : {},
    );
    await expect(create(KeyId, { Operations })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await create(KeyId, { Operations: ['DescribeKey', 'CreateGrant', 'RetireGrant'] });
  });

  it('refuses an encryption context for a key pair, and what is no operation', async () => {
    const { KeyId } = await createKey(world, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const Constraints = { EncryptionContextEquals: { a: 'b' } };
    for (const extras of [
      { Operations: ['Sign' as const], Constraints },
      { Operations: ['Nothing' as GrantOperation] },
    ]) {
      await expect(create(KeyId, extras)).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });

  it('refuses no operations at all', async () => {
    const { KeyId } = await createKey(world, {});
    await expect(create(KeyId, { Operations: [] })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('takes 8 pairs of an encryption context with 384 characters, and no more', async () => {
    const { KeyId } = await createKey(world, {});
    const pairs = (count: number, length: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [index, 'x'.repeat(length)]));
    for (const name of ['EncryptionContextEquals', 'EncryptionContextSubset'] as const) {
      await create(KeyId, { Constraints: { [name]: pairs(8, 384) } });
      for (const large of [pairs(9, 1), pairs(1, 385)]) {
        await expect(create(KeyId, { Constraints: { [name]: large } })).rejects.toMatchObject({
          name: 'ValidationException',
        });
      }
    }
  });

  it('refuses principals that are no ARN of one, also in lists', async () => {
    const { KeyId } = await createKey(world, {});
    const retirable = (RetiringPrincipal: string) =>
      world.client.send(new ListRetirableGrantsCommand({ RetiringPrincipal }));
    for (const principal of [
      '111122223333',
      'role/grantee',
      'arn:aws:s3:::bucket',
      'arn:aws:iam::111122223333:group/team',
      'arn:aws:iam::111122223333:policy/any',
      'arn:aws:iam::111122223333:role/',
      'arn:aws:sts::111122223333:role/r',
    ]) {
      for (const call of [
        () => create(KeyId, { GranteePrincipal: principal }),
        () => create(KeyId, { RetiringPrincipal: principal }),
        () => list(KeyId, { GranteePrincipal: principal }),
        () => retirable(principal),
      ]) {
        await expect(call()).rejects.toMatchObject({ name: 'InvalidArnException' });
      }
    }
    for (const name of [
      'iam::111122223333:root',
      'iam::111122223333:user/path/u',
      'sts::111122223333:assumed-role/r/s',
      'sts::111122223333:federated-user/f',
    ]) {
      await create(KeyId, { GranteePrincipal: `arn:aws:${name}` });
    }
  });

  it('refuses principals of another partition, also in lists', async () => {
    const { KeyId } = await createKey(world, {});
    const principal = ROLE.replace('aws', 'aws-cn');
    for (const call of [
      () => create(KeyId, { GranteePrincipal: principal }),
      () => create(KeyId, { RetiringPrincipal: principal }),
      () => list(KeyId, { GranteePrincipal: principal }),
      () => world.client.send(new ListRetirableGrantsCommand({ RetiringPrincipal: principal })),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'InvalidArnException' });
    }
    const china = clientFor(world.kms, { region: 'cn-north-1' });
    const there = await createKey({ client: china }, {});
    await china.send(
      new CreateGrantCommand({
        KeyId: there.KeyId,
        GranteePrincipal: principal,
        Operations: ['Decrypt'],
      }),
    );
    china.destroy();
  });

  it('is presented by its token, and texts that are no token are refused', async () => {
    const { KeyId } = await createKey(world, {});
    const { GrantToken } = await create(KeyId);
    const describeKey = (GrantTokens: string[]) =>
      world.client.send(new DescribeKeyCommand({ KeyId, GrantTokens }));
    await describeKey([GrantToken!]);
    await expect(describeKey([GrantToken!, 'no-token'])).rejects.toMatchObject({
      name: 'InvalidGrantTokenException',
    });
  });

  it('is not made by a dry run', async () => {
    const { KeyId } = await createKey(world, {});
    await expect(create(KeyId, { DryRun: true })).rejects.toMatchObject({
      name: 'DryRunOperationException',
    });
    expect(await list(KeyId)).toEqual([]);
  });
});

describe('when the grants of a key change between two pages of ListRetirableGrants', () => {
  it.each<[string, (KeyId: string, own: string) => Promise<unknown>]>([
    ['gets another grant', (KeyId) => create(KeyId, { RetiringPrincipal: BOSS })],
    ['gets a grant that others retire', (KeyId) => create(KeyId)],
    [
      'loses a later grant',
      (KeyId, own) => world.client.send(new RevokeGrantCommand({ KeyId, GrantId: own })),
    ],
  ])('where a key %s, the others keep their places', async (what, change) => {
    const principal = `${BOSS}/${what.replaceAll(' ', '-')}`;
    const [a, b] = [await createKey(world, {}), await createKey(world, {})];
    const retirable = async (KeyId: string) =>
      (await create(KeyId, { RetiringPrincipal: principal })).GrantId!;
    const ids = [
      await retirable(a.KeyId),
      await retirable(b.KeyId),
      await retirable(a.KeyId),
      await retirable(b.KeyId),
    ];
    const own = await retirable(a.KeyId);
    const request = { RetiringPrincipal: principal, Limit: 2 };
    const first = await world.client.send(new ListRetirableGrantsCommand(request));
    await change(a.KeyId, own);
    const second = await world.client.send(
      new ListRetirableGrantsCommand({ ...request, Marker: first.NextMarker }),
    );
    expect([...first.Grants!, ...second.Grants!].map(({ GrantId }) => GrantId)).toEqual(ids);
    const all = await world.client.send(
      new ListRetirableGrantsCommand({ RetiringPrincipal: principal }),
    );
    expect(all.Grants!.slice(0, 4).map(({ GrantId }) => GrantId)).toEqual(ids);
  });
});

describe('when a grant ends', () => {
  it('is gone when it is revoked, and retired by token, or by key and id', async () => {
    const { KeyId, Arn } = await createKey(world, {});
    const grants = [await create(KeyId), await create(KeyId), await create(KeyId)];
    const [revoked, byToken, byId] = grants.map(({ GrantId, GrantToken }) => ({
      GrantId: GrantId!,
      GrantToken: GrantToken!,
    }));
    const { GrantId } = revoked!;
    const dry = { name: 'DryRunOperationException' };
    await expect(
      world.client.send(new RevokeGrantCommand({ KeyId, GrantId, DryRun: true })),
    ).rejects.toMatchObject(dry);
    await expect(retire({ GrantToken: byToken!.GrantToken, DryRun: true })).rejects.toMatchObject(
      dry,
    );
    expect(await list(KeyId)).toHaveLength(3);

    await world.client.send(new RevokeGrantCommand({ KeyId, GrantId }));
    await retire({ GrantToken: byToken!.GrantToken });
    await retire({ KeyId: Arn, GrantId: byId!.GrantId });
    expect(await list(KeyId)).toEqual([]);

    const gone = { name: 'NotFoundException' };
    await expect(
      world.client.send(new RevokeGrantCommand({ KeyId, GrantId })),
    ).rejects.toMatchObject(gone);
    await expect(retire({ GrantToken: byToken!.GrantToken })).rejects.toMatchObject(gone);
  });

  it('refuses a request that names none, or names one twice', async () => {
    const { KeyId, Arn } = await createKey(world, {});
    const { GrantId, GrantToken } = await create(KeyId);
    for (const request of [{}, { KeyId: Arn }, { GrantId }, { GrantToken, KeyId: Arn, GrantId }]) {
      await expect(retire(request)).rejects.toMatchObject({ name: 'ValidationException' });
    }
    const damaged = Array.from(GrantToken!, (character, index) => {
      const other = character === 'A' ? 'B' : 'A';
      return GrantToken!.slice(0, index) + other + GrantToken!.slice(index + 1);
    });
    const handmade = Buffer.from(`${GrantId!} ${Arn} x`).toString('base64');
    for (const bad of ['x', handmade, `${GrantToken!} `, ...damaged]) {
      await expect(retire({ GrantToken: bad })).rejects.toMatchObject({
        name: 'InvalidGrantTokenException',
      });
    }
  });
});
