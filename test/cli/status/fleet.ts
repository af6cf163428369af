import { assess, byUrgency } from '../../../src/cli/status/assess';
import type { FleetStatus } from '../../../src/cli/status/key-status';
import type { ObservedKey, ObservedMaterial } from '../../../src/domain/observation';

export const NOW = new Date('2030-01-01T00:00:00Z');
const DAY = 86_400_000;

/** A KMS key as it is observed. */
export function observedKey(index: number, more: Partial<ObservedKey> = {}): ObservedKey {
  const id = `${String(index).padStart(8, '0')}-1111-2222-3333-444455556666`;
  return {
    keyArn: `arn:aws:kms:eu-west-1:111122223333:key/${id}`,
    region: 'eu-west-1',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyState: 'Enabled',
    origin: 'EXTERNAL',
    keyManager: 'CUSTOMER',
    currentKeyMaterialId: 'a'.repeat(64),
    listsMaterials: true,
    isReplica: false,
    materials: [],
    ...more,
  };
}

/** A material as it is observed, that expires in some days, or never. */
export function observedMaterial(
  days?: number,
  more: Partial<ObservedMaterial> = {},
): ObservedMaterial {
  return {
    keyMaterialId: 'a'.repeat(64),
    keyMaterialState: 'CURRENT',
    importState: 'IMPORTED',
    ...(days === undefined
      ? { expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
      : {
          expirationModel: 'KEY_MATERIAL_EXPIRES',
          validTo: new Date(NOW.getTime() + days * DAY).toISOString().replace('.000Z', 'Z'),
        }),
    ...more,
  };
}

/** The status of keys. */
export function statusOf(
  keys: readonly ObservedKey[],
  aliases: readonly string[] = [],
): FleetStatus {
  return {
    takenAt: '2030-01-01T00:00:00Z',
    regions: ['eu-west-1'],
    withinSeconds: 30 * 86_400,
    keys: keys.map((key) => assess(key, aliases, NOW, 30 * 86_400)).sort(byUrgency),
    unread: [],
    unreadRegions: [],
    notes: [],
  };
}
