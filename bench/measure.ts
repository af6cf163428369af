import { benchFirstCall } from './first-call';
import { benchFleet } from './fleet';
import { benchImportedKeys } from './imported-keys';
import { benchCycle } from './kms-cycle';
import { benchDescribeKey } from './kms-describe';
import { benchImport } from './kms-import';
import { benchList } from './kms-list';
import { benchMemory } from './kms-memory';
import { benchStart } from './kms-start';
import { benchLargeUp } from './large-up';
import { benchNoChange } from './no-change';
import { benchPlugin } from './plugin';
import { benchPolicy } from './policy';
import { benchPreview } from './preview';
import { benchRegistration } from './registration';
import { benchStateBytes } from './state-bytes';
import { benchStatus } from './status';
import type { Part } from './parts';
import type { Options } from './report';
import type { Line } from './result';
import { benchWrap } from './wrap';

type Measure = (options: Options) => Promise<readonly Line[]> | readonly Line[];

/** Measures each part. */
export const MEASURES: Readonly<Record<Part, Measure>> = {
  import: benchImportedKeys,
  'first-call': ({ quick }) => benchFirstCall(quick ? 1 : 5),
  plugin: benchPlugin,
  quotas: async ({ quick, full }) => [
    ...(await benchFleet(quick ? 5 : 50)),
    ...(full ? await benchFleet(200) : []),
  ],
  'no-change': ({ quick }) =>
    benchNoChange(
      quick
        ? { few: 5, many: 10, rounds: 1, fewRounds: 1 }
        : { few: 1000, many: 5000, rounds: 3, fewRounds: 1 },
    ),
  preview: ({ quick }) => benchPreview(quick ? 5 : 1000),
  state: async ({ quick, full }) => [
    ...(await benchStateBytes(quick ? 0 : 3)),
    ...(quick ? [] : [await benchLargeUp(300)]),
    ...(full ? [await benchLargeUp(1000)] : []),
  ],
  registration: ({ quick }) => [benchRegistration(100, quick ? 1 : 5)],
  status: async ({ quick }) => [await benchStatus(quick ? 100 : 5000, quick ? 1 : 3)],
  wrap: ({ quick }) => benchWrap(quick ? 1 : 3),
  kms: async ({ quick }) => [
    await benchStart(quick ? 1 : 7),
    ...(await benchDescribeKey(quick ? 200 : 1000, quick ? 1 : 3)),
    ...(await (quick ? benchImport(2048, 1, 50) : benchImport(2048, 3))),
    ...(quick ? [] : await benchImport(4096, 3)),
    await benchCycle(quick ? 20 : 100, quick ? 1 : 3),
    ...(quick ? [] : await benchList(3)),
    ...(await benchMemory(quick ? 1000 : 10_000, quick ? 2000 : 50_000)),
  ],
  policy: ({ quick }) => benchPolicy(quick ? 60 : 1000, quick ? 1 : 5),
};
