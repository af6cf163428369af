import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  KMSClient,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  type AlgorithmSpec,
  type CreateKeyCommandInput,
  type GetParametersForImportCommandOutput,
  type ImportKeyMaterialCommandInput,
  type KeyMetadata,
  type RotationsListEntry,
} from '@aws-sdk/client-kms';
import { ManualClock, startKms, type EmbeddedKms, type KmsOptions } from '../../src';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const SECOND = 1000;
export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

/** A running KMS with a clock that only tests move, and the unmodified AWS client. */
export interface World {
  readonly kms: EmbeddedKms;
  readonly clock: ManualClock;
  readonly client: KMSClient;
  close(): Promise<void>;
}

export async function startWorld(options: KmsOptions = {}): Promise<World> {
  const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
  const kms = await startKms({ clock, ...options });
  const client = clientFor(kms);
  return {
    kms,
    clock,
    client,
    async close() {
      client.destroy();
      await kms.close();
    },
  };
}

/** One for all tests of a file. Its members are there as soon as the hooks of the file run. */
export function worldForAll(options?: KmsOptions): World {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(options);
  });
  afterAll(() => world.close());
  return {
    get kms() {
      return world.kms;
    },
    get clock() {
      return world.clock;
    },
    get client() {
      return world.client;
    },
    close: () => world.close(),
  };
}

/** A client that does not retry, so that one command is one call. */
export function clientFor(
  kms: EmbeddedKms,
  { region = REGION, accessKeyId = ACCOUNT, maxAttempts = 1 } = {},
): KMSClient {
  return new KMSClient({
    endpoint: kms.url,
    region,
    maxAttempts,
    credentials: { accessKeyId, secretAccessKey: 'x' },
  });
}

/** Creates a key and gives its metadata. */
export async function createKey(
  { client }: Pick<World, 'client'>,
  input: CreateKeyCommandInput = { Origin: 'EXTERNAL' },
): Promise<KeyMetadata & { KeyId: string; Arn: string }> {
  const { KeyMetadata: metadata } = await client.send(new CreateKeyCommand(input));
  return metadata as KeyMetadata & { KeyId: string; Arn: string };
}

export async function describeKey(
  { client }: Pick<World, 'client'>,
  keyId: string,
): Promise<KeyMetadata> {
  return (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata!;
}

export async function materials(
  { client }: Pick<World, 'client'>,
  keyId: string,
): Promise<RotationsListEntry[]> {
  const answer = await client.send(
    new ListKeyRotationsCommand({ KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
  );
  return answer.Rotations ?? [];
}

export function parametersForImport(
  { client }: Pick<World, 'client'>,
  keyId: string,
  algorithm: AlgorithmSpec = 'RSAES_OAEP_SHA_256',
): Promise<GetParametersForImportCommandOutput> {
  return client.send(
    new GetParametersForImportCommand({
      KeyId: keyId,
      WrappingAlgorithm: algorithm,
      WrappingKeySpec: 'RSA_2048',
    }),
  );
}

/** Wraps as a client does: with node:crypto, and none of this project's code. */
export function wrap(publicKey: Uint8Array, material: Buffer, hash = 'sha256'): Buffer {
  return publicEncrypt(
    {
      key: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: hash,
    },
    material,
  );
}

type ImportExtras = Omit<
  ImportKeyMaterialCommandInput,
  'KeyId' | 'ImportToken' | 'EncryptedKeyMaterial'
>;

export const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
export const EXISTING = { ImportType: 'EXISTING_KEY_MATERIAL' } as const;
const FOREVER: ImportExtras = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };

/** A whole import: fetches parameters, wraps, imports. Gives the id of the material. */
export async function importMaterial(
  world: Pick<World, 'client'>,
  keyId: string,
  material: Buffer,
  extras: ImportExtras = FOREVER,
): Promise<string> {
  const parameters = await parametersForImport(world, keyId);
  const { KeyMaterialId: id } = await world.client.send(
    new ImportKeyMaterialCommand({
      KeyId: keyId,
      ImportToken: parameters.ImportToken,
      EncryptedKeyMaterial: wrap(parameters.PublicKey!, material),
      ...FOREVER,
      ...extras,
    }),
  );
  return id!;
}

/** An EXTERNAL key with material, Enabled. */
export async function importedKey(
  world: Pick<World, 'client'>,
  extras?: ImportExtras,
): Promise<{ keyId: string; arn: string; material: Buffer; materialId: string }> {
  const { KeyId: keyId, Arn: arn } = await createKey(world);
  const material = randomBytes(32);
  const materialId = await importMaterial(world, keyId, material, extras);
  return { keyId, arn, material, materialId };
}

export function rotate({ client }: Pick<World, 'client'>, keyId: string) {
  return client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
}

/** One raw call, for what an AWS client would never send. */
export function post(
  kms: EmbeddedKms,
  operation: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(kms.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${operation}`,
      ...headers,
    },
    body,
  });
}
