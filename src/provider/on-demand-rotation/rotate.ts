import { parseKeyReference } from '../../domain/identifiers';
import { isImported, type ObservedKey } from '../../domain/observation';
import { planRotation, type RotationDeclaration } from '../../domain/rotation';
import { ByokError } from '../../errors';
import type { KmsClient } from '../../aws/index';
import { pollUntil, retryWhileAbsent, type WaitOptions } from '../wait';

/** Dependencies of a rotation. */
export interface RotateContext extends WaitOptions {
  readonly kms: KmsClient;
  /** Opens a connection to a replica of the key, in its Region. */
  readonly connectReplica: (keyArn: string) => Promise<KmsClient>;
  /** Shows one line to the user. */
  readonly tell: (line: string) => void;
}

// KMS may not have accepted a request, so it is repeated.
const MAX_REQUESTS = 6;

// For a last look at the Regions, after the time limit of the step.
const LOOK_MILLISECONDS = 15_000;

/**
 * Rotates a key to staged material and waits until that material is current. It observes the key before each
 * request, so it resumes from any point and never rotates twice.
 *
 * @returns the key after the rotation
 * @throws {@link ByokError} as `planRotation` says, and `ROTATION_REGIONS`, `TIMEOUT`, `KMS_*`
 */
export async function rotate(
  keyId: string,
  declaration: RotationDeclaration,
  context: RotateContext,
): Promise<ObservedKey> {
  const { kms, signal } = context;
  const { keyMaterialId } = declaration;
  const shown = new Set<string>();
  const tell = (line: string): void => {
    if (!shown.has(line)) context.tell(line);
    shown.add(line);
  };
  const request = rotationRequest(keyId, context);
  const seen: { lacking?: ObservedKey | undefined } = {};
  const look = async (): Promise<ObservedKey | undefined> => {
    const key = await retryWhileAbsent(() => kms.observeKey(keyId, signal), context);
    const { action } = planRotation(key, declaration);
    seen.lacking = action === 'await-replicas' ? key : undefined;
    if (action === 'done') return key;
    if (action === 'await-replicas') {
      tell(`${key.keyArn}: waiting until every Region of the key has the staged material`);
    }
    if (action === 'rotate' && (await request())) {
      tell(`${key.keyArn}: rotating, which takes KMS about a minute`);
    }
    return undefined;
  };
  try {
    return await pollUntil(look, `the rotation of ${keyId} to ${keyMaterialId}`, context);
  } catch (error) {
    const isLate = error instanceof ByokError && error.code === 'TIMEOUT';
    if (seen.lacking === undefined || !isLate) throw error;
    throw await lackingReplicas(seen.lacking, keyMaterialId, context, error);
  }
}

// Returns a function that asks KMS to rotate unless it is rotating already, and that returns whether it certainly
// is.
function rotationRequest(keyId: string, { kms, signal }: RotateContext): () => Promise<boolean> {
  let accepted = false;
  let requests = 0;
  let uncertain: ByokError | undefined;
  return async () => {
    accepted ||= await kms.isRotating(keyId, signal);
    if (accepted) return true;
    if (uncertain !== undefined && requests === MAX_REQUESTS) throw uncertain;
    requests += 1;
    uncertain = await kms.rotateKeyOnDemand(keyId, signal);
    accepted = uncertain === undefined;
    return accepted;
  };
}

async function lackingReplicas(
  key: ObservedKey,
  keyMaterialId: string,
  { connectReplica }: RotateContext,
  cause: ByokError,
): Promise<ByokError> {
  const signal = AbortSignal.timeout(LOOK_MILLISECONDS);
  const found = await Promise.all(
    (key.replicaArns ?? []).map(async (keyArn) => {
      const region = parseKeyReference(keyArn).arn?.region ?? keyArn;
      try {
        const replica = await (await connectReplica(keyArn)).observeKey(keyArn, signal);
        const material = replica.materials.find((other) => other.keyMaterialId === keyMaterialId);
        return material !== undefined && isImported(material) ? [] : [region];
      } catch {
        return [`${region} (not reachable)`];
      }
    }),
  );
  const regions = found.flat();
  const which = regions.length === 0 ? 'a Region that was added later' : regions.join(', ');
  return new ByokError(
    'ROTATION_REGIONS',
    `the staged material ${keyMaterialId} of ${key.keyArn} is not imported in ${which}, and KMS rotates a multi-Region key only when all its Regions have it: import it there, make the rotation depend on that import (dependsOn), and run the update again, which continues where this one stopped`,
    { cause },
  );
}
