import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { startKms, type Seed } from '../src';
import { clientFor, describeKey, materials, REGION, startWorld } from './support/world';

const KEY_ID = '11111111-2222-3333-4444-555555555555';
const MRK = 'mrk-11112222333344445555666677778888';
const base64 = (size = 32) => randomBytes(size).toString('base64');

describe('when a server is started with a seed', () => {
  it('has its keys, with their ids, accounts, Regions and materials', async () => {
    const world = await startWorld({
      seed: {
        Keys: [
          {
            KeyId: KEY_ID,
            AccountId: '999900001111',
            Region: 'us-east-1',
            CreateKey: { Origin: 'EXTERNAL', Description: 'seeded' },
            Materials: [
              { Bytes: base64(), KeyMaterialDescription: 'first' },
              { Bytes: base64(), ValidTo: Date.UTC(2030, 5, 1) / 1000 },
              { Bytes: base64(), Pending: true },
            ],
          },
          { KeyId: MRK, CreateKey: { MultiRegion: true } },
          {},
        ],
      },
    });
    const client = clientFor(world.kms, { accessKeyId: '999900001111', region: 'us-east-1' });
    const there = { ...world, client };
    try {
      expect(await describeKey(there, KEY_ID)).toMatchObject({
        Arn: `arn:aws:kms:us-east-1:999900001111:key/${KEY_ID}`,
        KeyState: 'Enabled',
        Description: 'seeded',
        ValidTo: new Date('2030-06-01T00:00:00Z'),
      });
      expect(await materials(there, KEY_ID)).toMatchObject([
        { KeyMaterialState: 'NON_CURRENT', KeyMaterialDescription: 'first' },
        { KeyMaterialState: 'CURRENT' },
        { KeyMaterialState: 'PENDING_ROTATION' },
      ]);
      const eu = { ...world, client: clientFor(world.kms, { region: 'eu-central-1' }) };
      expect(await describeKey(eu, MRK)).toMatchObject({
        MultiRegionConfiguration: { PrimaryKey: { Region: 'eu-central-1' } },
      });
      eu.client.destroy();
    } finally {
      client.destroy();
      await world.close();
    }
  });

  it('has keys of other specs, and aliases', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    const CreateKey = { Origin: 'EXTERNAL', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' };
    const Aliases = ['alias/signer'];
    const world = await startWorld({
      seed: { Keys: [{ Region: REGION, CreateKey, Materials: [{ Bytes: pkcs8 }], Aliases }] },
    });
    try {
      expect(await describeKey(world, 'alias/signer')).toMatchObject({
        KeyState: 'Enabled',
        KeySpec: 'RSA_2048',
      });
    } finally {
      await world.close();
    }
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['a key id that is none', { Keys: [{ KeyId: 'x' }] }],
    ['a multi-Region id for another key', { Keys: [{ KeyId: MRK }] }],
    ['an account that is none', { Keys: [{ AccountId: '1' }] }],
    ['an id twice', { Keys: [{ KeyId: KEY_ID }, { KeyId: KEY_ID }] }],
    ['what CreateKey refuses', { Keys: [{ CreateKey: { Origin: 'X' } }] }],
    ['material for a key that takes none', { Keys: [{ Materials: [{ Bytes: base64() }] }] }],
    [
      'material of the wrong length',
      { Keys: [{ CreateKey: { Origin: 'EXTERNAL' }, Materials: [{ Bytes: base64(31) }] }] },
    ],
  ])('refuses %s', async (_, seed) => {
    await expect(startKms({ seed: seed as Seed })).rejects.toMatchObject({ name: 'KmsError' });
  });
});
