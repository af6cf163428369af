import {
  CreateAliasCommand,
  CreateGrantCommand,
  DeleteAliasCommand,
  DeleteImportedKeyMaterialCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyPoliciesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ListRetirableGrantsCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import {
  ACCOUNT,
  clientFor,
  createKey,
  DAY,
  describeKey,
  importedKey,
  importMaterial,
  materials,
  NEW,
  post,
  REGION,
  startWorld,
  worldForAll,
} from '../support/world';

const world = worldForAll();

const BOSS = 'arn:aws:iam::111122223333:role/boss';

interface Request {
  readonly Marker: string | undefined;
  readonly Limit: number;
}

interface PageOf {
  readonly names: (string | undefined)[];
  readonly NextMarker?: string | undefined;
}

/** Reads a list in pages of two, and deletes the items of each page before the next one. */
async function drain(
  list: (request: Request) => Promise<PageOf>,
  remove: (name: string) => Promise<unknown>,
): Promise<string[]> {
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await list({ Marker, Limit: 2 });
    for (const name of page.names) {
      seen.push(name!);
      await remove(name!);
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return seen;
}

const aliasNames = ['a', 'b', 'c', 'd', 'e'].map((name) => `alias/paging/${name}`);

async function listAliases(request: Request & { readonly KeyId?: string }): Promise<PageOf> {
  const { Aliases, NextMarker } = await world.client.send(new ListAliasesCommand(request));
  return { names: Aliases!.map(({ AliasName }) => AliasName), NextMarker };
}

const deleteAlias = (AliasName: string) => world.client.send(new DeleteAliasCommand({ AliasName }));

async function keyWithGrants(): Promise<{ KeyId: string; ids: string[] }> {
  const { KeyId } = await createKey(world, {});
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    const { GrantId } = await world.client.send(
      new CreateGrantCommand({
        KeyId,
        GranteePrincipal: BOSS,
        RetiringPrincipal: BOSS,
        Operations: ['Decrypt'],
      }),
    );
    ids.push(GrantId!);
  }
  return { KeyId, ids };
}

describe('when a client deletes the items of each page before it asks for the next', () => {
  it.each([true, false])('ListAliases of one key (%s) gives all', async (ofOneKey) => {
    const { KeyId } = await createKey(world, {});
    for (const AliasName of aliasNames) {
      await world.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    }
    const list = (request: Request) => listAliases({ ...request, ...(ofOneKey && { KeyId }) });
    expect(await drain(list, deleteAlias)).toEqual(aliasNames);
  });

  it.each(['ListGrants', 'ListRetirableGrants'])('%s gives all', async (operation) => {
    const { KeyId, ids } = await keyWithGrants();
    const list = async (request: Request) => {
      const { Grants, NextMarker } =
        operation === 'ListGrants'
          ? await world.client.send(new ListGrantsCommand({ KeyId, ...request }))
          : await world.client.send(
              new ListRetirableGrantsCommand({ RetiringPrincipal: BOSS, ...request }),
            );
      return { names: Grants!.map(({ GrantId }) => GrantId), NextMarker };
    };
    const revoke = (GrantId: string) =>
      world.client.send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect(await drain(list, revoke)).toEqual(ids);
  });

  it('ListResourceTags gives all', async () => {
    const { KeyId } = await createKey(world, {});
    // As long as a marker can get.
    const keys = ['a', 'b', 'c', 'd', 'e'].map((name) => `${'€\n'.repeat(63)} ${name}`);
    const Tags = keys.map((TagKey) => ({ TagKey, TagValue: '' }));
    await world.client.send(new TagResourceCommand({ KeyId, Tags }));
    const list = async (request: Request) => {
      const page = await world.client.send(new ListResourceTagsCommand({ KeyId, ...request }));
      return { names: page.Tags!.map(({ TagKey }) => TagKey), NextMarker: page.NextMarker };
    };
    const untag = (key: string) =>
      world.client.send(new UntagResourceCommand({ KeyId, TagKeys: [key] }));
    expect(await drain(list, untag)).toEqual(keys);
  });

  it('ListKeys gives all, also if the deletion windows end meanwhile', async () => {
    const client = clientFor(world.kms, { region: 'eu-west-3' });
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.push((await createKey({ client }, {})).KeyId);
    }
    const list = async (request: Request) => {
      const page = await client.send(new ListKeysCommand(request));
      return { names: page.Keys!.map(({ KeyId }) => KeyId), NextMarker: page.NextMarker };
    };
    const remove = async (KeyId: string) => {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      world.clock.advance(7 * DAY);
      await expect(describeKey({ client }, KeyId)).rejects.toMatchObject({
        name: 'NotFoundException',
      });
    };
    expect(await drain(list, remove)).toEqual(ids);
    client.destroy();
  });

  it('ListKeyRotations gives all, also if staged material is deleted', async () => {
    const { keyId, materialId } = await importedKey(world);
    const stage = () => importMaterial(world, keyId, randomBytes(32), NEW);
    await stage();
    const list = (request: Partial<Request>) =>
      world.client.send(
        new ListKeyRotationsCommand({
          KeyId: keyId,
          IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
          ...request,
        }),
      );
    const first = await list({ Limit: 1 });
    const [, staged] = await materials(world, keyId);
    await world.client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: staged!.KeyMaterialId! }),
    );
    const again = await stage();
    const second = await list({ Marker: first.NextMarker! });
    expect(first.Rotations).toMatchObject([{ KeyMaterialId: materialId }]);
    expect(second.Rotations).toMatchObject([{ KeyMaterialId: again }]);
  });
});

describe('when a marker is of something else', () => {
  it('each operation refuses text that is no marker', async () => {
    const { KeyId } = await createKey(world, {});
    const Marker = 'garbage';
    for (const command of [
      new ListAliasesCommand({ Marker }),
      new ListAliasesCommand({ KeyId, Marker }),
      new ListGrantsCommand({ KeyId, Marker }),
      new ListKeyPoliciesCommand({ KeyId, Marker }),
      new ListKeyRotationsCommand({ KeyId, Marker }),
      new ListKeysCommand({ Marker }),
      new ListResourceTagsCommand({ KeyId, Marker }),
      new ListRetirableGrantsCommand({ RetiringPrincipal: BOSS, Marker }),
    ]) {
      await expect(world.client.send(command as ListKeysCommand)).rejects.toMatchObject({
        name: 'InvalidMarkerException',
      });
    }
  });

  it('refuses the marker of another list, whose items it does not have', async () => {
    const { KeyId } = await keyWithGrants();
    const { NextMarker: Marker } = await world.client.send(
      new ListGrantsCommand({ KeyId, Limit: 2 }),
    );
    await expect(world.client.send(new ListKeysCommand({ Marker }))).rejects.toMatchObject({
      name: 'InvalidMarkerException',
    });
  });

  it('refuses that of a list with items of the same names', async () => {
    const account = '444455556666';
    const region = 'sa-east-1';
    const [mine, other, far] = [
      clientFor(world.kms, { region: 'ca-west-1' }),
      clientFor(world.kms, { region: 'ca-west-1', accessKeyId: account }),
      clientFor(world.kms, { region }),
    ];
    const aliases = (client: KMSClient, KeyId?: string, Marker?: string) =>
      client.send(new ListAliasesCommand({ KeyId, Limit: 1, Marker }));
    const tags = (client: KMSClient, KeyId: string, Marker?: string) =>
      client.send(new ListResourceTagsCommand({ KeyId, Limit: 1, Marker }));
    const keys = (client: KMSClient, Marker?: string) =>
      client.send(new ListKeysCommand({ Limit: 1, Marker }));
    const Tags = ['a', 'b'].map((TagKey) => ({ TagKey, TagValue: '' }));
    const ids: string[] = [];
    for (const client of [mine, other]) {
      for (let count = 0; count < 2; count += 1) {
        ids.push((await createKey({ client }, { MultiRegion: true, Tags })).KeyId);
      }
      for (const AliasName of aliasNames) {
        await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: ids.at(-1)! }));
      }
    }
    const [first, second, , others] = ids as [string, string, string, string];
    for (const KeyId of [first, second]) {
      await mine.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: region }));
    }
    const { NextMarker: ofAll } = await aliases(mine);
    const { NextMarker: ofKey } = await aliases(mine, second);
    const { NextMarker: ofTags } = await tags(mine, first);
    const { NextMarker: ofKeys } = await keys(mine);
    for (const list of [
      () => aliases(mine, second, ofAll),
      () => aliases(other, undefined, ofAll),
      () => aliases(mine, undefined, ofKey),
      () => aliases(other, others, ofKey),
      () => tags(mine, second, ofTags),
      () => tags(far, first, ofTags),
      () => keys(far, ofKeys),
    ]) {
      await expect(list()).rejects.toMatchObject({ name: 'InvalidMarkerException' });
    }
    for (const client of [mine, other, far]) client.destroy();
  });

  it('goes on after a restart if its item still exists, and else refuses it', async () => {
    const { KeyId, ids } = await keyWithGrants();
    const page = await world.client.send(new ListGrantsCommand({ KeyId, Limit: 2 }));
    const other = await startWorld({ clock: world.clock, state: world.kms.snapshot() });
    try {
      const next = () =>
        other.client.send(new ListGrantsCommand({ KeyId, Marker: page.NextMarker }));
      expect((await next()).Grants!.map(({ GrantId }) => GrantId)).toEqual(ids.slice(2));
      await other.client.send(new RevokeGrantCommand({ KeyId, GrantId: ids[1]! }));
      await expect(next()).rejects.toMatchObject({ name: 'InvalidMarkerException' });
    } finally {
      await other.close();
    }
  });
});

describe('when a limit is above the documented one', () => {
  it.each<[string, number, Readonly<Record<string, string>>]>([
    ['ListAliases', 100, {}],
    ['ListGrants', 100, { KeyId: '' }],
    ['ListKeyPolicies', 1000, { KeyId: '' }],
    ['ListKeyRotations', 1000, { KeyId: '' }],
    ['ListKeys', 1000, {}],
    ['ListResourceTags', 50, { KeyId: '' }],
    ['ListRetirableGrants', 100, { RetiringPrincipal: BOSS }],
  ])('%s takes %s and no more', async (name, max, members) => {
    const { KeyId } = await createKey(world, {});
    const input = { ...members, ...('KeyId' in members && { KeyId }) };
    const authorization = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20300101/${REGION}/kms/aws4_request`;
    const call = (Limit: number) =>
      post(world.kms, name, JSON.stringify({ ...input, Limit }), { authorization });
    expect((await call(max)).status).toBe(200);
    const refused = await call(max + 1);
    expect(await refused.json()).toEqual({
      __type: 'ValidationException',
      message: `1 validation error detected: Value '${max + 1}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${max}`,
    });
  });
});
