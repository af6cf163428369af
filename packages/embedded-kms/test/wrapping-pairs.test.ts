import { randomBytes } from 'node:crypto';
import { ImportKeyMaterialCommand, type KMSClient } from '@aws-sdk/client-kms';
import { clientFor, createKey, parametersForImport, worldForAll, wrap } from './support/world';

const world = worldForAll();

// The documented number of pairs that an account has of each wrapping key spec.
const PAIRS = 32;

interface Target {
  readonly client: KMSClient;
  readonly KeyId: string;
}

const targets: readonly [string, () => Promise<readonly [Target, Target]>][] = [
  [
    'two keys',
    async () => {
      const { client } = world;
      const [one, other] = [await createKey(world), await createKey(world)];
      return [
        { client, KeyId: one.KeyId },
        { client, KeyId: other.KeyId },
      ];
    },
  ],
  [
    'two Regions',
    async () => {
      const client = clientFor(world.kms, { region: 'eu-west-1' });
      const [one, other] = [await createKey(world), await createKey({ client })];
      return [
        { client: world.client, KeyId: one.KeyId },
        { client, KeyId: other.KeyId },
      ];
    },
  ],
];

const parameters = ({ client, KeyId }: Target) => parametersForImport({ client }, KeyId);

const importInto = ({ client, KeyId }: Target, publicKey: Uint8Array, token: Uint8Array) =>
  client.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: wrap(publicKey, randomBytes(32)),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    }),
  );

describe.each(targets)('when wrapping keys and tokens are for %s', (_what, make) => {
  it(`no two of ${PAIRS} calls in a row get the same wrapping key`, async () => {
    const [one, other] = await make();
    const keys: string[] = [];
    for (let count = 0; count < PAIRS; count += 1) {
      for (const target of [one, other]) {
        keys.push(Buffer.from((await parameters(target)).PublicKey!).toString('base64'));
      }
    }
    for (let from = 0; from + PAIRS <= keys.length; from += 1) {
      expect(new Set(keys.slice(from, from + PAIRS)).size).toBe(PAIRS);
    }
  });

  it('a client that mixes the pairs of two calls is refused, whichever part is wrong', async () => {
    const [one, other] = await make();
    const [mine, foreign] = [await parameters(one), await parameters(other)];
    await expect(importInto(one, foreign.PublicKey!, mine.ImportToken!)).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    await expect(importInto(one, mine.PublicKey!, foreign.ImportToken!)).rejects.toMatchObject({
      name: 'InvalidImportTokenException',
    });
    await expect(importInto(one, foreign.PublicKey!, foreign.ImportToken!)).rejects.toMatchObject({
      name: 'InvalidImportTokenException',
    });
    await importInto(one, mine.PublicKey!, mine.ImportToken!);
  });
});

describe('when a client mixes the pairs of two calls for one key', () => {
  it('it is refused', async () => {
    const target = { client: world.client, KeyId: (await createKey(world)).KeyId };
    const [first, second] = [await parameters(target), await parameters(target)];
    for (const [{ PublicKey }, { ImportToken }] of [
      [first, second],
      [second, first],
    ] as const) {
      await expect(importInto(target, PublicKey!, ImportToken!)).rejects.toMatchObject({
        name: 'InvalidCiphertextException',
      });
    }
  });
});
