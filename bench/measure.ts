import { benchCheckpoint } from './checkpoint';
import { benchFleet } from './fleet';
import { benchImportedKeys } from './imported-keys';
import { benchDescribeKey } from './kms-describe';
import { benchImport } from './kms-import';
import { benchList } from './kms-list';
import { benchMemory } from './kms-memory';
import { benchStart } from './kms-start';
import { benchNoChange } from './no-change';
import { benchPlugin } from './plugin';
import { benchPolicy } from './policy';
import { benchRegistration } from './registration';
import type { Part } from './parts';
import type { Options } from './report';
import type { Line } from './result';
import { benchWrap } from './wrap';

type Measure = (options: Options) => Promise<readonly Line[]> | readonly Line[];

/** Measures each part. */
export const MEASURES: Readonly<Record<Part, Measure>> = {
  import: benchImportedKeys,
  plugin: benchPlugin,
  quotas: async ({ quick, full }) => [
    ...(await benchFleet(quick ? 10 : 50)),
    ...(full ? await benchFleet(200) : []),
  ],
  'no-change': ({ quick }) => benchNoChange(quick ? 100 : 1000, quick ? 1 : 5),
  checkpoint: async () => [await benchCheckpoint(10)],
  registration: ({ quick }) => [benchRegistration(100, quick ? 1 : 5)],
  wrap: ({ quick }) => benchWrap(quick ? 1 : 3),
  kms: async ({ quick }) => [
    await benchStart(quick ? 1 : 7),
    ...(await benchDescribeKey(1000, quick ? 1 : 3)),
    ...(await benchImport(2048, quick ? 1 : 3)),
    ...(await benchImport(4096, quick ? 1 : 3)),
    ...(quick ? [] : await benchList(3)),
    await benchMemory(10_000),
  ],
  policy: ({ quick }) => benchPolicy(1000, quick ? 1 : 5),
};
