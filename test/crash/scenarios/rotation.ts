import { importByHand } from '../../support/import-by-hand';
import type { Scenario } from '../scenario';
import { NEVER, NEW, aKey, declare, rotateTo, all, b, ab, rotates, replicates } from './parts';

export const ROTATION_SCENARIOS: readonly Scenario[] = [
  {
    operation: 'rotation',
    title: 'the first rotation',
    setUp: aKey,
    before: [ab],
    after: all(ab, rotateTo('b')),
    expected: ['Enabled', `NON_CURRENT IMPORTED ${NEVER}`, `CURRENT IMPORTED ${NEVER} rotated`],
  },
  {
    operation: 'rotation',
    title: 'the change to other material',
    setUp: aKey,
    before: [ab, all(ab, rotateTo('b')), all(ab, declare('c', NEW), rotateTo('b'))],
    after: all(ab, declare('c', NEW), rotateTo('c')),
    expected: [
      'Enabled',
      `NON_CURRENT IMPORTED ${NEVER}`,
      `NON_CURRENT IMPORTED ${NEVER} rotated`,
      `CURRENT IMPORTED ${NEVER} rotated`,
    ],
  },
  {
    operation: 'rotation',
    title: 'the rotation of a multi-Region key that waits for a Region',
    setUp: async (world) => {
      await world.createKey({ MultiRegion: true });
      await importByHand(world.client, world.keyId, world.bytes('a'));
      await replicates(world);
      await importByHand(world.replicas, world.replicaArn, world.bytes('a'));
    },
    before: [b],
    meanwhile: {
      afterCalls: 4,
      act: (world) => importByHand(world.replicas, world.replicaArn, world.bytes('b')),
    },
    after: all(b, rotateTo('b')),
    expected: [
      'Enabled',
      `NON_CURRENT IMPORTED ${NEVER}`,
      `CURRENT IMPORTED ${NEVER} rotated`,
      'Enabled',
      `NON_CURRENT IMPORTED ${NEVER}`,
      `CURRENT IMPORTED ${NEVER} rotated`,
    ],
  },
  {
    operation: 'rotation',
    title: 'the 25th rotation, with a refresh behind the interruption',
    refreshed: true,
    setUp: async (world) => {
      await world.createKey();
      await importByHand(world.client, world.keyId, world.bytes('0'));
      for (let count = 1; count <= 24; count += 1) {
        await importByHand(world.client, world.keyId, world.bytes(String(count)), {
          ImportType: 'NEW_KEY_MATERIAL',
        });
        await rotates(world);
      }
    },
    before: [b],
    after: all(b, rotateTo('b')),
    expected: [
      'Enabled',
      `NON_CURRENT IMPORTED ${NEVER}`,
      ...Array.from({ length: 24 }, () => `NON_CURRENT IMPORTED ${NEVER} rotated`),
      `CURRENT IMPORTED ${NEVER} rotated`,
    ],
  },
];
