import {
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import type { Declared } from '../../support/project-folder';
import type { World } from '../world';

export const NEVER = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
export const EXPIRES = 'KEY_MATERIAL_EXPIRES';
export const NEW = { importType: 'NEW_KEY_MATERIAL' };

type Arguments = Readonly<Record<string, unknown>>;

export const aKey = (world: World): Promise<void> => world.createKey();
export const anHmacKey = (world: World): Promise<void> =>
  world.createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
export const aMultiRegionKey = (world: World): Promise<void> =>
  world.createKey({ MultiRegion: true });

/** A resource of the material of that name. */
export const declare =
  (name: string, more: Arguments = {}, resource = name) =>
  (world: World): Declared => ({
    [resource]: { args: { keyId: world.keyId, material: world.material(name), ...more } },
  });
export const rotateTo =
  (material: string, resource = 'rotation') =>
  (world: World): Declared => ({
    [resource]: {
      class: 'OnDemandRotation',
      args: { keyId: world.keyId, keyMaterialId: { $output: [material, 'keyMaterialId'] } },
    },
  });
export const inReplica =
  (name: string, more: Arguments = {}) =>
  (world: World): Declared => ({
    [`${name}-replica`]: {
      args: { keyId: world.replicaArn, material: world.material(name), ...more },
    },
  });
export const all =
  (...parts: readonly ((world: World) => Declared)[]) =>
  (world: World): Declared =>
    Object.assign({}, ...parts.map((part) => part(world))) as Declared;
export const nothing = (): Declared => ({});

export const a = declare('a');
export const b = declare('b', NEW);
/** The same two, where the second is staged behind the first import. */
export const ab = all(a, (world) => ({
  b: { ...b(world).b!, opts: { dependsOn: [{ $resource: 'a' }] } },
}));

export const deletesCurrent = ({ client, keyId }: World) =>
  client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
export const disables = ({ client, keyId }: World) =>
  client.send(new DisableKeyCommand({ KeyId: keyId }));
export const rotates = async ({ client, keyId, advance }: World): Promise<void> => {
  await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
  advance(2_000);
};
/** Time in which KMS shows every use of a key. */
export const twoHoursPass = ({ advance }: World): Promise<void> => {
  advance(2 * 3_600_000);
  return Promise.resolve();
};
export const replicates = async (world: World): Promise<void> => {
  await world.client.send(
    new ReplicateKeyCommand({ KeyId: world.keyId, ReplicaRegion: world.replicaRegion }),
  );
  world.advance(10_000);
  world.keys.push(world.replicaArn);
};
