import { benchCheckpoint } from './checkpoint';
import { benchFleet } from './fleet';
import { benchImportedKeys } from './imported-keys';
import { benchDescribeKey } from './kms-describe';
import { benchImport } from './kms-import';
import { benchMemory } from './kms-memory';
import { benchStart } from './kms-start';
import { benchNoChange } from './no-change';
import { benchPolicy } from './policy';
import { benchRegistration } from './registration';
import type { Options } from './report';
import type { Line } from './result';
import { benchWrap } from './wrap';

/** A part of the table that can be measured alone. */
export interface Part {
  readonly what: string;
  readonly run: (options: Options) => Promise<readonly Line[]> | readonly Line[];
}

/** Every part, in the order of the table. */
export const PARTS: Readonly<Record<string, Part>> = {
  import: {
    what: 'imports of 1 to 200 keys, beside a hand-written resource, the AWS CLI and Terraform',
    run: benchImportedKeys,
  },
  quotas: {
    what: "imports under AWS's quotas, beside what they allow and a hand-written resource",
    run: async ({ quick, full }) => [
      ...(await benchFleet(quick ? 10 : 50)),
      ...(full ? await benchFleet(200) : []),
    ],
  },
  'no-change': {
    what: 'an update of 1,000 resources without a change, beside no-op resources',
    run: ({ quick }) => benchNoChange(quick ? 100 : 1000, quick ? 1 : 5),
  },
  checkpoint: {
    what: 'bytes of state for each resource, beside a hand-written one',
    run: async () => [await benchCheckpoint(10)],
  },
  registration: {
    what: 'registration of 100 resources, beside hand-written ones',
    run: ({ quick }) => [benchRegistration(100, quick ? 1 : 5)],
  },
  wrap: {
    what: 'wraps of key material, beside RSA operations of OpenSSL',
    run: ({ quick }) => benchWrap(quick ? 1 : 3),
  },
  kms: {
    what: 'the embedded KMS: start, requests and imports per second, memory',
    run: async ({ quick }) => [
      await benchStart(quick ? 1 : 7),
      ...(await benchDescribeKey(1000, quick ? 1 : 3)),
      ...(await benchImport(2048, quick ? 1 : 3)),
      ...(await benchImport(4096, quick ? 1 : 3)),
      await benchMemory(10_000),
    ],
  },
  policy: {
    what: 'a review by the policy pack, for each resource',
    run: ({ quick }) => benchPolicy(1000, quick ? 1 : 5),
  },
};
