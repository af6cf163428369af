import type { KmsClient } from '../../aws/index';
import { isPending, type ObservedKey } from '../../domain/observation';

/**
 * Whether material waits for a rotation. `staged`: no rotation has begun. `permanent`: a rotation makes it permanent,
 * or has done so. `gone`: KMS does not list it.
 */
export type Staging = 'staged' | 'permanent' | 'gone';

/**
 * Asks KMS whether material that was pending when the key was observed still waits for a rotation. A preparation of an
 * import can take minutes, and in that time somebody may rotate the key.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function stagingOf(
  { keyArn, keyState }: ObservedKey,
  keyMaterialId: string | undefined,
  { kms, signal }: { readonly kms: KmsClient; readonly signal: AbortSignal },
): Promise<Staging> {
  // A key that lacks material does not rotate, and KMS answers no question about its rotations.
  if (keyState !== 'PendingImport' && (await kms.isRotating(keyArn, signal))) return 'permanent';
  // In this order: KMS says that no rotation is in progress also of one that has just ended.
  const { materials } = await kms.observeKey(keyArn, signal);
  const material = materials.find((each) => each.keyMaterialId === keyMaterialId);
  if (material === undefined) return 'gone';
  return isPending(material) ? 'staged' : 'permanent';
}
