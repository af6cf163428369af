import { ImportKeyMaterialCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { bundleOf, wrappedFor } from '../support/ceremony';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

let kms: EmbeddedKms;
let client: KMSClient;
let keyId: string;
let program: Record<string, unknown>;
let bytes: Buffer;

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
});

beforeEach(async () => {
  keyId = await createKey(client);
  bytes = randomBytes(32);
  program = { keyId, material: { inline: bytes.toString('base64') } };
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

/** A resource of a provider process whose record of the run reaches nobody else. */
const alone = (): ResourceLife => new ResourceLife({ kms });
const descriptionOf = async (): Promise<string | undefined> =>
  (await materialsOf(client, keyId))[0]?.KeyMaterialDescription;

/** Imports as an operator would who knows nothing about marks. */
async function importByHand(description: string): Promise<void> {
  const bundle = await bundleOf(client, keyId);
  await client.send(
    new ImportKeyMaterialCommand({
      KeyId: keyId,
      ImportToken: Buffer.from(bundle.importToken, 'base64'),
      EncryptedKeyMaterial: Buffer.from(
        (await wrappedFor(bundle, bytes)).encryptedKeyMaterial,
        'base64',
      ),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      KeyMaterialDescription: description,
    }),
  );
}

describe('when material moves to a resource of which the old one knows nothing', () => {
  it('the delete of the old one leaves it, says so, and the new one deletes it', async () => {
    const [old, taken] = [alone(), alone()];
    await old.up(program);
    await taken.up(program);
    expect(taken.outs.materialOwner).not.toBe(old.outs.materialOwner);
    await old.destroy();
    expect(await works(client, keyId)).toBe(true);
    expect(old.told.join()).toContain('stays in KMS');
    await taken.destroy();
    expect(await works(client, keyId)).toBe(false);
  });

  it('a refresh of the old one does not take it back', async () => {
    const [old, taken] = [alone(), alone()];
    await old.up(program);
    await taken.up(program);
    await old.refresh();
    await old.destroy();
    expect(await works(client, keyId)).toBe(true);
  });

  it('nor is it deleted if both resources began with the ID of the material and no other state', async () => {
    const made = alone();
    await made.up(program);
    const adopt = async (): Promise<ResourceLife> => {
      const life = alone();
      life.id = made.id;
      await life.refresh();
      await life.up(program);
      return life;
    };
    const old = await adopt();
    const taken = await adopt();
    await old.destroy();
    expect(await works(client, keyId)).toBe(true);
    await taken.destroy();
    expect(await works(client, keyId)).toBe(false);
  });

  it('staged material that another resource has taken over is not replaced by other bytes', async () => {
    await alone().up(program);
    const staged = { ...program, importType: 'NEW_KEY_MATERIAL' };
    const other = (): object => ({ inline: randomBytes(32).toString('base64') });
    const [old, taken, material] = [alone(), alone(), other()];
    await old.up({ ...staged, material });
    await taken.up({ ...staged, material });
    await expect(old.up({ ...staged, material: other() })).rejects.toThrowWithCode(
      'MATERIAL_OWNER',
    );
    expect(await materialsOf(client, keyId)).toHaveLength(2);
  });
});

describe('when nothing says whose material it is', () => {
  it('the delete is refused, until an update has marked it again', async () => {
    const life = alone();
    await life.up(program);
    await importByHand('imported at night');
    await expect(life.destroy()).rejects.toThrowWithCode('MATERIAL_OWNER');
    expect(await works(client, keyId)).toBe(true);
    await life.refresh();
    await life.up(program);
    await life.destroy();
    expect(await works(client, keyId)).toBe(false);
  });

  it('state of before there were owners deletes what has the mark of before', async () => {
    const life = alone();
    await life.up(program);
    const mark = (await descriptionOf())?.split('.')[0] ?? '';
    await importByHand(mark);
    Reflect.deleteProperty(life.outs, 'materialOwner');
    await life.destroy();
    expect(await works(client, keyId)).toBe(false);
  });
});

describe('when a resource imports again', () => {
  it('the owner stays the same', async () => {
    const life = alone();
    await life.up(program);
    const { materialOwner } = life.outs;
    await life.up({ ...program, keyMaterialDescription: 'from vault 7' });
    expect(life.outs.materialOwner).toBe(materialOwner);
    expect(await descriptionOf()).toContain(`.${String(materialOwner)} from vault 7`);
  });
});
