import { ResourceLife } from '../../support/resource-life';
import { importByHand } from '../../support/import-by-hand';
import type { Scenario } from '../scenario';
import {
  NEVER,
  EXPIRES,
  aKey,
  anHmacKey,
  aMultiRegionKey,
  declare,
  inReplica,
  all,
  a,
  ab,
  replicates,
} from './parts';

export const CREATE_SCENARIOS: readonly Scenario[] = [
  {
    operation: 'create',
    title: 'the first import',
    setUp: aKey,
    after: declare('a', { validFor: '30d' }),
    expected: ['Enabled', `CURRENT IMPORTED ${EXPIRES}`],
  },
  {
    operation: 'create',
    title: 'the adoption of what another stack imported',
    setUp: async (world) => {
      await world.createKey();
      const other = new ResourceLife({ kms: world.kms, now: world.now });
      await other.up(declare('a')(world).a!.args);
    },
    after: a,
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'the adoption of what something else imported',
    setUp: async (world) => {
      await world.createKey();
      await importByHand(world.client, world.keyId, world.bytes('a'));
    },
    after: a,
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'staging',
    setUp: aKey,
    before: [a],
    after: ab,
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`, `PENDING_ROTATION IMPORTED ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'the import into an HMAC key',
    setUp: anHmacKey,
    after: a,
    expected: [`Enabled ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'the import into an RSA key',
    setUp: (world) => world.createKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    after: declare('rsa', { validFor: '30d' }),
    expected: [`Enabled ${EXPIRES}`],
  },
  {
    operation: 'create',
    title: 'the import into a replica',
    setUp: aMultiRegionKey,
    before: [a],
    between: [replicates],
    after: all(a, inReplica('a')),
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`, 'Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'the move to another name and another explicit provider',
    isAlwaysKilled: true,
    setUp: aKey,
    before: [a],
    after: (world) => ({
      moved: { ...declare('a')(world).a!, opts: { provider: { $resource: 'explicit' } } },
    }),
    expected: ['Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'the move of the material of an HMAC key, of which KMS keeps no owner',
    setUp: anHmacKey,
    before: [a],
    after: declare('a', {}, 'moved'),
    expected: [`Enabled ${NEVER}`],
  },
  {
    operation: 'create',
    title: 'the import of inline bytes beside an import of the same bytes from a file',
    setUp: aMultiRegionKey,
    before: [a],
    between: [replicates],
    after: all(
      (world) => ({
        a: { args: { keyId: world.keyId, material: world.file('a'), validFor: '30d' } },
      }),
      inReplica('a'),
    ),
    expected: ['Enabled', `CURRENT IMPORTED ${EXPIRES}`, 'Enabled', `CURRENT IMPORTED ${NEVER}`],
  },
];
