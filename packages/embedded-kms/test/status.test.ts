import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import {
  CreateAliasCommand,
  DescribeKeyCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { Status } from '../src/status/status';
import { describeUnless } from './support/describe-unless';
import {
  clientFor,
  createKey,
  DAY,
  importedKey,
  importMaterial,
  NEW,
  post,
  rotate,
  startWorld,
  SECOND,
  worldForAll,
} from './support/world';

const world = worldForAll();

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.kms.url}${path}`, { headers });
const status = async () => (await (await get('/_status.json')).json()) as Status;
const page = async () => (await get('/_status')).text();

describe('when somebody asks for the status', () => {
  it('shows keys with their materials, expiry and aliases', async () => {
    const { keyId, arn, materialId } = await importedKey(world);
    const ValidTo = new Date(world.clock.now().getTime() + 30 * DAY);
    const expiry = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo } as const;
    const second = await importMaterial(world, keyId, randomBytes(32), { ...NEW, ...expiry });
    const AliasName = 'alias/mine';
    await world.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId }));
    const seen = await status();
    expect(seen.now).toBe(world.clock.now().toISOString());
    expect(seen.keys.find(({ id }) => id === keyId)).toEqual({
      arn,
      id: keyId,
      accountId: '111122223333',
      region: 'eu-central-1',
      state: 'Enabled',
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      origin: 'EXTERNAL',
      description: '',
      aliases: [AliasName],
      materials: [
        { id: materialId, state: 'CURRENT', isPresent: true },
        {
          id: second,
          state: 'PENDING_ROTATION',
          isPresent: true,
          expiresAt: ValidTo.toISOString(),
        },
      ],
    });
    const html = await page();
    for (const text of [keyId, AliasName, second, '2030-01-31T00:00:00Z', 'PENDING_ROTATION']) {
      expect(html).toContain(text);
    }
  });

  it('counts no key whose deletion window is over, at the first request after it', async () => {
    const other = await startWorld();
    try {
      const { KeyId } = await createKey(other, { MultiRegion: true });
      await other.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
      other.clock.advance(10 * SECOND);
      const replica = clientFor(other.kms, { region: 'eu-west-1' });
      for (const client of [other.client, replica]) {
        await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      }
      const { KeyId: staying } = await createKey(other);
      const seen = async () =>
        (await (await fetch(`${other.kms.url}/_status.json`)).json()) as Status;
      other.clock.advance(7 * DAY);
      expect(await seen()).toMatchObject({ keyCount: 2 });
      // The window of a primary key begins when its last replica is deleted.
      other.clock.advance(7 * DAY);
      expect(await seen()).toMatchObject({ keyCount: 1, keys: [{ id: staying }] });
      replica.destroy();
    } finally {
      await other.close();
    }
  });

  it('shows what has become of a key by itself', async () => {
    const { keyId } = await importedKey(world);
    await importMaterial(world, keyId, randomBytes(32), NEW);
    await rotate(world, keyId);
    const { KeyId: doomed } = await createKey(world);
    await world.client.send(
      new ScheduleKeyDeletionCommand({ KeyId: doomed, PendingWindowInDays: 7 }),
    );
    const before = await status();
    expect(before.keys.find(({ id }) => id === doomed)).toMatchObject({
      state: 'PendingDeletion',
      deletionAt: '2030-01-08T00:00:00.000Z',
    });
    world.clock.advance(7 * DAY + SECOND);
    const after = await status();
    expect(after.keys.map(({ id }) => id)).not.toContain(doomed);
    const states = after.keys.find(({ id }) => id === keyId)?.materials.map(({ state }) => state);
    expect(states).toEqual(['NON_CURRENT', 'CURRENT']);
  });

  it('shows the last calls with their results, newest first', async () => {
    world.kms.clearCalls();
    const { KeyId } = await createKey(world);
    const unknown = '11111111-2222-3333-4444-555555555555';
    await world.client.send(new DescribeKeyCommand({ KeyId: unknown })).catch(() => undefined);
    const { calls } = await status();
    expect(calls).toMatchObject([
      { operation: 'DescribeKey', outcome: 'NotFoundException', keyId: unknown },
      { operation: 'CreateKey', outcome: 'ok', keyId: KeyId, region: 'eu-central-1' },
    ]);
    expect(calls[0]).not.toHaveProperty('input');
    expect(await page()).toContain('NotFoundException');
  });

  it('shows armed faults until they have hit', async () => {
    const fault = { kind: 'status', status: 503, body: 'of the caller' } as const;
    world.kms.inject({ operation: 'DescribeKey', call: 2, times: 2, fault });
    const { KeyId } = await createKey(world);
    const describeKey = () =>
      world.client.send(new DescribeKeyCommand({ KeyId })).catch(() => undefined);
    const armed = { operation: 'DescribeKey', kind: 'status' };
    for (const rest of [
      { after: 1, times: 2 },
      { after: 0, times: 2 },
      { after: 0, times: 1 },
    ]) {
      expect((await status()).faults).toEqual([{ ...armed, ...rest }]);
      await describeKey();
    }
    expect((await status()).faults).toEqual([]);
    expect(await page()).toContain('No fault is armed.');
  });

  it('shows the newest of many keys, and how many there are', async () => {
    const many = await startWorld();
    for (let count = 0; count < 203; count++) await createKey(many);
    const last = await createKey(many);
    const answer = await fetch(`${many.kms.url}/_status.json`);
    const { keyCount, keys } = (await answer.json()) as Status;
    expect([keyCount, keys.length, keys.at(-1)!.id]).toEqual([204, 200, last.KeyId]);
    expect(await (await fetch(`${many.kms.url}/_status`)).text()).toContain(
      'The newest 200 of 204.',
    );
    await many.close();
  });
});

describe('when the status is searched for secrets', () => {
  it('has no key material, in no encoding', async () => {
    const { material } = await importedKey(world);
    for (const KeySpec of ['HMAC_256', 'ECC_NIST_P256'] as const) {
      const KeyUsage = KeySpec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY';
      await createKey(world, { KeySpec, KeyUsage });
    }
    const stored = JSON.stringify(world.kms.snapshot()).match(/(?<="bytes":")[^"]+/g)!;
    expect(stored).toContain(material.toString('base64'));
    for (const text of [await page(), JSON.stringify(await status())]) {
      for (const bytes of stored) {
        expect(text).not.toContain(bytes);
        expect(text).not.toContain(Buffer.from(bytes, 'base64').toString('hex'));
      }
    }
  });

  it('escapes the texts of callers', async () => {
    const { KeyId } = await createKey(world, { Description: '<script>alert(1)</script>"\'&' });
    await post(world.kms, 'DescribeKey', JSON.stringify({ KeyId: `${KeyId}<img src=x>` }));
    const html = await page();
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;');
  });
});

describe('when the status is asked for from elsewhere', () => {
  it('refuses web pages, and lets no page frame it', async () => {
    for (const path of ['/_status', '/_status.json']) {
      expect((await get(path, { origin: 'https://a.example' })).status).toBe(403);
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect((await get('/_status/x')).status).toBe(404);
  });
});

const ADDRESS = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.internal === false && address.family === 'IPv4')?.address;
const describeInNetwork = describeUnless(
  ADDRESS === undefined ? 'an address that is not loopback' : undefined,
);

describeInNetwork('when the status is asked for over another address', () => {
  it('is refused, and KMS is served', async () => {
    const open = await startWorld({ host: '0.0.0.0', allowHosts: [ADDRESS!] });
    const url = `http://${ADDRESS}:${open.kms.port}`;
    for (const path of ['/_status', '/_status.json']) {
      expect((await fetch(url + path)).status).toBe(403);
    }
    const client = clientFor({ ...open.kms, url });
    await createKey({ ...open, client });
    client.destroy();
    await open.close();
  });
});
