import { ResourceLife } from '../../support/resource-life';
import { importByHand } from '../../support/import-by-hand';
import type { Scenario } from '../scenario';
import { NEVER, aKey, anHmacKey, nothing, a, b, ab, declare, rotates, twoHoursPass } from './parts';

export const DELETE_SCENARIOS: readonly Scenario[] = [
  {
    operation: 'delete',
    title: 'the deletion of current material',
    setUp: aKey,
    before: [a],
    after: nothing,
    expected: ['PendingImport', 'CURRENT PENDING_IMPORT'],
  },
  {
    operation: 'delete',
    title: 'the deletion of current material that is guarded, of a key that nobody uses',
    setUp: aKey,
    before: [declare('a', { deleteUnlessUsedWithin: '30d' })],
    between: [twoHoursPass],
    after: nothing,
    expected: ['PendingImport', 'CURRENT PENDING_IMPORT'],
  },
  {
    operation: 'delete',
    title: 'the deletion of staged material',
    setUp: aKey,
    before: [ab],
    after: a,
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
  {
    operation: 'delete',
    title: 'the deletion of material that was rotated to since it was recorded',
    setUp: async (world) => {
      await world.createKey();
      await importByHand(world.client, world.keyId, world.bytes('a'));
    },
    before: [b],
    between: [rotates],
    after: nothing,
    expected: ['PendingImport', `NON_CURRENT IMPORTED ${NEVER}`, 'CURRENT PENDING_IMPORT rotated'],
  },
  {
    operation: 'delete',
    title: 'the deletion of the material of an HMAC key',
    setUp: anHmacKey,
    before: [a],
    after: nothing,
    expected: ['PendingImport empty'],
  },
  {
    operation: 'delete',
    title: 'the deletion of material that another stack has taken over',
    setUp: aKey,
    before: [a],
    between: [
      async (world) => {
        const other = new ResourceLife({ kms: world.kms, now: world.now });
        await other.up(declare('a')(world).a!.args);
      },
    ],
    after: nothing,
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
];
