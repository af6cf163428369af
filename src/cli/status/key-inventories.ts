import type { KeyInventory } from '../../aws/key-inventory';
import { Pacing } from '../../aws/pacing';
import { quotaOf } from '../../aws/rate-limit';
import { ByokError } from '../../errors';
import { connectionIn } from '../aws';
import type { Io } from '../io';
import type { AwsOptions } from '../options';
import { regionsBeside } from './regions';

/** All principals of an account share its quotas, so a quarter is left to the others. */
const SHARE = 0.75;

/** How often AWS allows GetKeyLastUsage, for the help of the commands that call it. */
export const LAST_USAGE_QUOTA = `${quotaOf('GetKeyLastUsage').perSecond} times per second in an account and Region`;

/** Returns a pacing at three quarters of the quotas of AWS. It does not slow down calls to an emulator. */
export function shareOfQuotas({ now, sleep }: Pick<Io, 'now' | 'sleep'>): Pacing {
  return new Pacing({ now: () => now().getTime(), sleep, share: SHARE });
}

/** The Regions to read: by name, all of the partition, or that of the environment or the profile. */
export interface RegionOptions {
  readonly region?: readonly string[];
  readonly allRegions?: boolean;
}

/**
 * Connects to KMS to read the keys of several Regions.
 *
 * @returns the connections by the names of their Regions
 * @throws {@link ByokError} `ENDPOINT_INSECURE`, `KMS_REGION`
 */
export async function openKeyInventories(
  { region: named, allRegions = false, ...account }: Omit<AwsOptions, 'region'> & RegionOptions,
  io: Io,
): Promise<ReadonlyMap<string, KeyInventory>> {
  const { connectKeyInventory } = await import('../../aws/key-inventory.js');
  const pacing = shareOfQuotas(io);
  // One for all Regions, because a profile may run a program or ask a person.
  let identity: KeyInventory['identity'] | undefined;
  const connect = (region?: string): KeyInventory => {
    const connection = connectionIn(region, account, io);
    const inventory = connectKeyInventory(connection, pacing, identity);
    identity ??= inventory.identity;
    return inventory;
  };
  const all = (regions: readonly string[]): ReadonlyMap<string, KeyInventory> =>
    new Map(Array.from(new Set(regions), (region) => [region, connect(region)]));
  if (named !== undefined) return all(named);
  const inventory = connect();
  if (!allRegions) return new Map([[await inventory.region(), inventory]]);
  // Any Region of the account says which partition it is.
  const own = await inventory.region().catch((error: unknown) => {
    if (error instanceof ByokError && error.code === 'KMS_REGION') return undefined;
    throw error;
  });
  inventory.close();
  return all(regionsBeside(own));
}
