import {
  CreateGrantCommand,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  type CreateGrantCommandInput,
  type ListRetirableGrantsCommandInput,
} from '@aws-sdk/client-kms';
import { createKey, startWorld, worldForAll } from '../support/world';

const world = worldForAll();

const ROLE = 'arn:aws:iam::111122223333:role/boss';
const SERVICE = 'rds.amazonaws.com';
const SourceArn = 'arn:aws:rds:eu-central-1:111122223333:db:mine';
const VALIDATION = { name: 'ValidationException' };

const GRANT = {
  GranteeServicePrincipal: SERVICE,
  RetiringServicePrincipal: SERVICE,
  Constraints: { SourceArn },
} satisfies Partial<CreateGrantCommandInput>;

const create = (KeyId: string, members: Partial<CreateGrantCommandInput>) =>
  world.client.send(new CreateGrantCommand({ KeyId, Operations: ['DescribeKey'], ...members }));
const list = async (KeyId: string, filter: object = {}) =>
  (await world.client.send(new ListGrantsCommand({ KeyId, ...filter }))).Grants!;
const retirable = async (request: ListRetirableGrantsCommandInput, { client } = world) =>
  (await client.send(new ListRetirableGrantsCommand(request))).Grants!.map(({ GrantId: id }) => id);

describe('when a grant is made to a service', () => {
  it('is listed as it was asked for, and by grantee and retiring service', async () => {
    const { KeyId, Arn } = await createKey(world, {});
    const { GrantId } = await create(KeyId, GRANT);
    await create(KeyId, { GranteePrincipal: ROLE });
    expect(await list(KeyId, { GranteeServicePrincipal: SERVICE })).toEqual([
      {
        KeyId: Arn,
        GrantId,
        Operations: ['DescribeKey'],
        IssuingAccount: 'arn:aws:iam::111122223333:root',
        CreationDate: world.clock.now(),
        ...GRANT,
      },
    ]);
    expect(await list(KeyId, { GranteeServicePrincipal: 'ec2.amazonaws.com' })).toEqual([]);
    expect(await list(KeyId)).toHaveLength(2);
    expect(await retirable({ RetiringServicePrincipal: SERVICE })).toEqual([GrantId]);
  });

  it('may be retired by a principal, and keeps its index after a restart', async () => {
    const { KeyId } = await createKey(world, {});
    const service = 'kinesis.amazonaws.com';
    const byRole = { ...GRANT, RetiringServicePrincipal: undefined, RetiringPrincipal: ROLE };
    const role = await create(KeyId, byRole);
    const own = await create(KeyId, { ...GRANT, RetiringServicePrincipal: service });
    const request = { RetiringServicePrincipal: service };
    expect(await retirable({ RetiringPrincipal: ROLE })).toEqual([role.GrantId]);
    const other = await startWorld({ state: world.kms.snapshot() });
    expect(await retirable(request, other)).toEqual([own.GrantId]);
    await other.close();
    await world.client.send(new RetireGrantCommand({ GrantToken: own.GrantToken }));
    expect(await retirable(request)).toEqual([]);
  });

  it('needs a source and somebody who retires it', async () => {
    const { KeyId } = await createKey(world, {});
    for (const missing of ['Constraints', 'RetiringServicePrincipal'] as const) {
      await expect(create(KeyId, { ...GRANT, [missing]: undefined })).rejects.toMatchObject(
        VALIDATION,
      );
    }
    const context = { EncryptionContextEquals: { a: 'b' } };
    await expect(create(KeyId, { ...GRANT, Constraints: context })).rejects.toMatchObject(
      VALIDATION,
    );
    await create(KeyId, { ...GRANT, Constraints: { SourceArn, ...context } });
  });

  it('has one grantee and at most one who retires it, in lists too', async () => {
    const { KeyId } = await createKey(world, {});
    for (const call of [
      () => create(KeyId, {}),
      () => create(KeyId, { ...GRANT, GranteePrincipal: ROLE }),
      () => create(KeyId, { ...GRANT, RetiringPrincipal: ROLE }),
      () => list(KeyId, { GranteePrincipal: ROLE, GranteeServicePrincipal: SERVICE }),
      () => retirable({ RetiringPrincipal: ROLE, RetiringServicePrincipal: SERVICE }),
      () => retirable({}),
    ]) {
      await expect(call()).rejects.toMatchObject(VALIDATION);
    }
  });

  it('refuses what is no service and no ARN', async () => {
    const { KeyId } = await createKey(world, {});
    for (const name of ['rds', ROLE, 'rds.example.com', '.amazonaws.com', '*.amazonaws.com']) {
      for (const role of ['GranteeServicePrincipal', 'RetiringServicePrincipal'] as const) {
        await expect(create(KeyId, { ...GRANT, [role]: name })).rejects.toMatchObject(VALIDATION);
      }
      await expect(retirable({ RetiringServicePrincipal: name })).rejects.toMatchObject(VALIDATION);
    }
    for (const source of [
      'mine',
      'arn:aws:rds',
      'arn:aws:rds:eu-central-1:111122223333:',
      'arn:aws:s3:::bucket-of-somebody',
      SourceArn.padEnd(513, 'x'),
    ]) {
      await expect(
        create(KeyId, { ...GRANT, Constraints: { SourceArn: source } }),
      ).rejects.toMatchObject(VALIDATION);
    }
    for (const name of ['states.eu-central-1.amazonaws.com', 'rds.amazonaws.com.cn']) {
      await create(KeyId, { ...GRANT, GranteeServicePrincipal: name });
    }
  });

  it('takes a source for key pairs, which have no encryption context', async () => {
    const { KeyId } = await createKey(world, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await create(KeyId, { ...GRANT, Operations: ['Sign'] });
    await create(KeyId, { GranteePrincipal: ROLE, Constraints: { SourceArn } });
    await expect(
      create(KeyId, { ...GRANT, Constraints: { SourceArn, EncryptionContextSubset: { a: 'b' } } }),
    ).rejects.toMatchObject(VALIDATION);
  });

  it('cannot allow a symmetric key to encapsulate', async () => {
    const { KeyId } = await createKey(world, {});
    for (const operation of ['Encapsulate', 'Decapsulate'] as const) {
      await expect(create(KeyId, { ...GRANT, Operations: [operation] })).rejects.toMatchObject(
        VALIDATION,
      );
    }
  });
});
