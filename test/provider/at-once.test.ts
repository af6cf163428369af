import type { KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

const material = () => ({ inline: randomBytes(32).toString('base64') });
const newLife = (): ResourceLife => new ResourceLife({ kms });
const codeOf = (result: PromiseSettledResult<unknown>): string =>
  result.status === 'fulfilled' ? 'ok' : (result.reason as { readonly code: string }).code;

// Two stacks see nothing of each other but what KMS shows.
describe('when two stacks import at once', () => {
  it('different keys of one account end as each declares', async () => {
    const keys = [await createKey(client), await createKey(client), await createKey(client)];
    await Promise.all(keys.map((keyId) => newLife().up({ keyId, material: material() })));
    for (const keyId of keys) expect(await works(client, keyId)).toBe(true);
  });

  it('the same material into one key is imported once, and both are right', async () => {
    const keyId = await createKey(client);
    const program = { keyId, material: material() };
    const lives = [newLife(), newLife()] as const;
    await Promise.all(lives.map((life) => life.up(program)));
    expect(lives[0].id).toBe(lives[1].id);
    expect(await materialsOf(client, keyId)).toHaveLength(1);
    for (const life of lives) expect(await life.up(program)).toBe('same');
  });

  it('of different materials for one key one is imported and the other refused', async () => {
    const keyId = await createKey(client);
    const results = await Promise.allSettled(
      [newLife(), newLife()].map((life) => life.up({ keyId, material: material() })),
    );
    expect(results.map(codeOf).sort()).toEqual(['MATERIAL_REFUSED', 'ok']);
    expect(await materialsOf(client, keyId)).toHaveLength(1);
    expect(await works(client, keyId)).toBe(true);
  });

  it('of different materials that are staged one is staged and the other refused', async () => {
    const keyId = await createKey(client);
    await newLife().up({ keyId, material: material() });
    const results = await Promise.allSettled(
      [newLife(), newLife()].map((life) =>
        life.up({ keyId, material: material(), importType: 'NEW_KEY_MATERIAL' }),
      ),
    );
    expect(results.map(codeOf).sort()).toEqual(['MATERIAL_PENDING', 'ok']);
    expect(await materialsOf(client, keyId)).toHaveLength(2);
  });
});
