import { isImported, isPending, isPendingDeletion } from '../../domain/observation';
import { isToBeDeleted, ownershipOf } from '../../domain/ownership';
import { asByokError } from '../../errors';
import type { ProviderContext } from '../context';
import { containsUnknown, ignoreNotFound, UNKNOWN, type Properties } from '../protocol';
import { assertNotInUse } from './deletion-guard';
import { locate, type Located } from './locate';
import { presentId, type State } from './state';

type Connect = Parameters<typeof locate>[2];
type DeleteContext = Pick<ProviderContext, 'runRegistry' | 'now' | 'tell'>;

/**
 * Deletes the material of a resource, unless it belongs to another resource. Repeating it is safe.
 *
 * @throws {@link ByokError} `MATERIAL_OWNER`, `MATERIAL_IN_USE`, `USAGE_UNKNOWN`, `RUN_RECORD`, `KMS_*`, `TIMEOUT`
 */
export async function deleteMaterial(
  id: string,
  state: Partial<State>,
  connect: Connect,
  context: DeleteContext,
): Promise<void> {
  const { runRegistry, tell } = context;
  const leave = (reason: string): void => {
    tell(`${presentId(id, state)}: the material stays in KMS, because ${reason}`);
  };
  if (runRegistry.isDeclared(presentId(id, state))) {
    leave('another resource of this program declares it');
    return;
  }
  const found = await locate(id, state, connect);
  if (found?.material === undefined || !isImported(found.material)) return;
  const { inputs, key, material } = found;
  if (leavesWithKey(found, state)) {
    leave('the deletion of its key is scheduled, and could be cancelled');
    return;
  }
  if (!isToBeDeleted(key, material, state.materialOwner)) {
    leave(
      'another resource has imported it since and will delete it. If there is no such resource, delete it by hand',
    );
    return;
  }
  // Last, so that as little time as possible passes before the call.
  await assertNotInUse(found, context);
  if (state.list?.staysWithKey === true && !isPending(material)) {
    leave('its key cannot decrypt without it, and exists as long as nobody deletes it');
    return;
  }
  const { kms, signal } = found.context;
  await kms.deleteKeyMaterial(inputs.keyId, material.keyMaterialId, signal).catch(ignoreNotFound);
}

/**
 * Refuses the replacement of a resource whose material is guarded and in use. Otherwise the engine would create the
 * replacement, and could not delete the original. Makes calls only if the material is guarded.
 *
 * If a preview does not know yet whether the key becomes another one, it only says what the update would refuse.
 *
 * @throws {@link ByokError} `MATERIAL_IN_USE`, `USAGE_UNKNOWN`, `RUN_RECORD`, `KMS_*`, `TIMEOUT`
 */
export async function assertReplaceable(
  id: string,
  state: Partial<State>,
  news: Properties,
  connect: Connect,
  context: DeleteContext,
): Promise<void> {
  if (state.deleteUnlessUsedWithin === undefined) return;
  const { runRegistry, tell } = context;
  try {
    if (runRegistry.isDeclared(presentId(id, state))) return;
    const found = await locate(id, state, connect);
    if (found?.material === undefined || !isImported(found.material)) return;
    if (leavesWithKey(found, state)) return;
    if (ownershipOf(found.key, found.material, state.materialOwner) === 'another') return;
    await assertNotInUse(found, context);
  } catch (error) {
    if (isCertain(news)) throw error;
    tell(`if the key becomes another one, the update fails: ${asByokError(error).message}`);
  }
}

function leavesWithKey({ key }: Located, { list }: Partial<State>): boolean {
  return list?.staysWithKey === true && isPendingDeletion(key.keyState);
}

// A key that is not known yet may be the same one. That of an `ImportedKey` is not known only if the key is replaced,
// because the material needs nothing else of it than its ARN.
function isCertain({ keyId, connection, list }: Properties): boolean {
  return list !== undefined || (keyId !== UNKNOWN && !containsUnknown(connection));
}
