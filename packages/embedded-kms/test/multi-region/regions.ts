import { randomBytes } from 'node:crypto';
import {
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import {
  clientFor,
  createKey,
  importMaterial,
  materials,
  SECOND,
  worldForAll,
  type World,
} from '../support/world';

export const OTHER = 'us-west-2';
export const THIRD = 'ap-southeast-1';
export const REPLICATION = 5 * SECOND;

/** One KMS, seen from three Regions. */
export interface Regions {
  /** Where primary keys are made. */
  readonly world: World;
  readonly there: World;
  readonly elsewhere: World;
}

/** One for all tests of a file. */
export function regionsForAll(): Regions {
  const world = worldForAll();
  return { world, there: seenFrom(world, OTHER), elsewhere: seenFrom(world, THIRD) };
}

function seenFrom(world: World, region: string): World {
  let client: World['client'];
  beforeAll(() => {
    client = clientFor(world.kms, { region });
  });
  afterAll(() => {
    client.destroy();
  });
  return Object.defineProperty(Object.create(world) as World, 'client', { get: () => client });
}

export async function replicate(
  { client }: World,
  keyId: string,
  ReplicaRegion = OTHER,
): Promise<KeyMetadata> {
  const answer = await client.send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion }));
  return answer.ReplicaKeyMetadata!;
}

export function schedule({ client }: World, keyId: string) {
  return client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
}

export function moveTo({ client }: World, keyId: string, PrimaryRegion: string) {
  return client.send(new UpdatePrimaryRegionCommand({ KeyId: keyId, PrimaryRegion }));
}

/** The state and import state of each material. */
export async function states(world: World, keyId: string) {
  return (await materials(world, keyId)).map(({ KeyMaterialState, ImportState }) => [
    KeyMaterialState,
    ImportState,
  ]);
}

/** A multi-Region primary key with material. */
export async function primaryKey(world: World) {
  const { KeyId: keyId, Arn: arn } = await createKey(world, {
    Origin: 'EXTERNAL',
    MultiRegion: true,
  });
  const material = randomBytes(32);
  const materialId = await importMaterial(world, keyId, material);
  return { keyId, arn, material, materialId };
}

/** With a replica that has no material yet. */
export async function barelyReplicatedKey(world: World) {
  const primary = await primaryKey(world);
  const { Arn: replicaArn } = await replicate(world, primary.keyId);
  world.clock.advance(REPLICATION);
  return { ...primary, replicaArn: replicaArn! };
}

/** With a replica that has the material too: both Enabled. */
export async function replicatedKey({ world, there }: Regions) {
  const key = await barelyReplicatedKey(world);
  await importMaterial(there, key.keyId, key.material);
  return key;
}
