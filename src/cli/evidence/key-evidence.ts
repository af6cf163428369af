import { markedFingerprint, withoutMark } from '../../domain/fingerprint';
import { parseKeyReference } from '../../domain/identifiers';
import type { ObservedMaterial } from '../../domain/observation';
import { rotationBudget } from '../../domain/rotation';
import { shown } from '../../domain/service-text';
import { keyPolicyAccess, type KeyPolicyAccess } from '../../policy/iam/key-access';
import { lastUseOf } from '../status/last-use';
import { readFact, type ReadableKey } from '../status/read-keys';
import type { Judgement } from './deviations';
import type { Fact, KeyEvidence, MaterialEvidence } from './evidence';
import type { KeyImport } from './import-records';

/** The facts of all stack exports that were given. */
export interface Recorded {
  readonly isGiven: boolean;
  readonly imports: readonly KeyImport[];
  readonly judgement: Judgement;
}

/** Collects the evidence on one key. */
export async function keyEvidence(readable: ReadableKey, recorded: Recorded): Promise<KeyEvidence> {
  const { key, aliases } = readable;
  const { keyArn } = key;
  const budget = rotationBudget(key);
  const own = recorded.imports.filter((one) => one.keyArn === keyArn);
  const listed = key.materials.map(({ keyMaterialId }) => keyMaterialId);
  return {
    keyArn,
    keyId: parseKeyReference(keyArn).id,
    region: key.region,
    aliases:
      aliases === undefined
        ? { state: 'unreadable', reason: 'kms:ListAliases is not allowed' }
        : { state: 'read', value: aliases.toSorted() },
    keySpec: key.keySpec,
    keyState: key.keyState,
    isReplica: key.isReplica,
    currentKeyMaterialId: key.currentKeyMaterialId,
    materials: key.materials.map((material) => materialEvidence(material, own, recorded.isGiven)),
    otherImports: own
      .filter(({ keyMaterialId }) => !listed.includes(keyMaterialId))
      .map(({ record }) => record),
    rotations: key.listsMaterials
      ? { state: 'read', value: { used: budget.rotationsUsed, left: budget.rotationsRemaining } }
      : { state: 'absent', reason: 'KMS rotates only symmetric encryption keys' },
    lastUse: await lastUseOf(readable),
    access: await accessOf(readable),
    deviations: deviationsOf(keyArn, recorded),
  };
}

function deviationsOf(keyArn: string, { isGiven, judgement }: Recorded): KeyEvidence['deviations'] {
  if (!isGiven) return NO_EXPORT;
  if (!judgement.keyArns.has(keyArn)) {
    return { state: 'absent', reason: 'no stack export has a resource of this key' };
  }
  return {
    state: 'read',
    value: judgement.deviations
      .filter((one) => one.keyArn === keyArn)
      .map(({ deviation }) => deviation),
  };
}

const NO_EXPORT = { state: 'absent', reason: 'no stack export was given' } as const;

function materialEvidence(
  material: ObservedMaterial,
  own: readonly KeyImport[],
  isGiven: boolean,
): MaterialEvidence {
  const { keyMaterialId, keyMaterialState, importState, description } = material;
  const { expirationModel, validTo, rotatedAt } = material;
  const text = withoutMark(description);
  const records = own
    .filter((one) => one.keyMaterialId === keyMaterialId)
    .map(({ record }) => record);
  return {
    keyMaterialId,
    keyMaterialState,
    importState,
    expirationModel,
    validTo,
    rotatedAt,
    description: text === undefined ? undefined : shown(text),
    markedFingerprint: markedFingerprint(description),
    imports: !isGiven
      ? NO_EXPORT
      : records.length === 0
        ? { state: 'absent', reason: 'no stack export has an import of it' }
        : { state: 'read', value: records },
  };
}

async function accessOf({
  key: { keyArn },
  inventory,
  signal,
}: ReadableKey): Promise<Fact<KeyPolicyAccess>> {
  const read = await readFact(() => inventory.getKeyPolicy(keyArn, signal));
  if ('error' in read) return { state: 'unreadable', reason: read.error };
  const access = keyPolicyAccess(read.fact, keyArn);
  return access === undefined
    ? { state: 'unreadable', reason: 'the answer to GetKeyPolicy is not a key policy' }
    : { state: 'read', value: access };
}
