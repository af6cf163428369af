import type { Caller } from './caller';

/** True for AWS's request quotas, or requests per second for the named operations only. */
export type QuotaOptions = true | Readonly<Record<string, number>>;

/**
 * Requests per second for each account and Region (Developer Guide, requests-per-second). The shared
 * quotas of the cryptographic operations differ by Region and key spec and are not applied.
 */
const AWS_QUOTAS: Readonly<Record<string, number>> = {
  CancelKeyDeletion: 5,
  ConnectCustomKeyStore: 5,
  CreateAlias: 5,
  CreateCustomKeyStore: 5,
  CreateGrant: 50,
  CreateKey: 5,
  DeleteAlias: 15,
  DeleteCustomKeyStore: 5,
  DeleteImportedKeyMaterial: 15,
  DescribeCustomKeyStores: 5,
  DescribeKey: 2000,
  DisableKey: 5,
  DisableKeyRotation: 5,
  DisconnectCustomKeyStore: 5,
  EnableKey: 5,
  EnableKeyRotation: 15,
  GetKeyLastUsage: 5,
  GetKeyPolicy: 1000,
  GetKeyRotationStatus: 1000,
  GetParametersForImport: 1,
  GetPublicKey: 2000,
  ImportKeyMaterial: 15,
  ListAliases: 500,
  ListGrants: 100,
  ListKeyPolicies: 100,
  ListKeyRotations: 100,
  ListKeys: 500,
  ListResourceTags: 2000,
  ListRetirableGrants: 100,
  PutKeyPolicy: 15,
  ReplicateKey: 5,
  RetireGrant: 50,
  RevokeGrant: 50,
  RotateKeyOnDemand: 5,
  ScheduleKeyDeletion: 15,
  TagResource: 10,
  UntagResource: 5,
  UpdateAlias: 5,
  UpdateCustomKeyStore: 5,
  UpdateKeyDescription: 5,
  UpdatePrimaryRegion: 5,
};

/**
 * How many requests may arrive at once, if the quota of one second is less. Inferred: three calls of
 * GetParametersForImport within 0.62 s passed on AWS on 2025-11-10, and AWS states no burst.
 */
const AWS_BURST = 3;

interface Bucket {
  level: number;
  updatedAt: number;
}

interface Charge {
  readonly operation: string;
  readonly region: string;
  readonly cost: number;
}

/** Token buckets, one for each account, Region and operation. The injected clock fills them. */
export class Quotas {
  readonly #rates: ReadonlyMap<string, number>;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @throws TypeError when a rate is not a positive number. */
  constructor(options: QuotaOptions) {
    this.#rates = new Map(Object.entries(options === true ? AWS_QUOTAS : options));
    this.#burst = options === true ? AWS_BURST : 1;
    for (const [operation, rate] of this.#rates) {
      if (!(rate > 0 && Number.isFinite(rate))) {
        throw new TypeError(`quotas.${operation} must be a positive number`);
      }
    }
  }

  /**
   * Counts a call.
   *
   * @param now - epoch milliseconds
   * @returns whether it is within the quotas; a refused call costs nothing
   */
  take(
    { accountId, region }: Pick<Caller, 'accountId' | 'region'>,
    operation: string,
    raw: Readonly<Record<string, unknown>>,
    now: number,
  ): boolean {
    const due = chargesOf(operation, region, raw).flatMap((charge) => {
      const rate = this.#rates.get(charge.operation);
      if (rate === undefined) return [];
      return { cost: charge.cost, bucket: this.#bucket(accountId, charge, rate, now) };
    });
    if (due.some(({ bucket, cost }) => bucket.level < cost)) return false;
    for (const { bucket, cost } of due) bucket.level -= cost;
    return true;
  }

  #bucket(
    accountId: string,
    { operation, region, cost }: Charge,
    rate: number,
    now: number,
  ): Bucket {
    const name = `${accountId}/${region}/${operation}`;
    // A bucket with less capacity than the cost of one call would always refuse it.
    const capacity = Math.max(this.#burst, rate, cost);
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = { level: capacity, updatedAt: now };
      this.#buckets.set(name, bucket);
    }
    const elapsedSeconds = Math.max(0, now - bucket.updatedAt) / 1000;
    bucket.level = Math.min(capacity, bucket.level + elapsedSeconds * rate);
    bucket.updatedAt = now;
    return bucket;
  }
}

/**
 * Returns the charges of a call. A replication also counts as two CreateKey requests in the replica's
 * Region, one of them a dry run, and a change of the primary Region counts in both Regions (Developer
 * Guide, requests-per-second).
 */
function chargesOf(
  operation: string,
  region: string,
  { ReplicaRegion: replicaRegion, PrimaryRegion: primaryRegion }: Readonly<Record<string, unknown>>,
): readonly Charge[] {
  const charge = { operation, region, cost: 1 };
  if (operation === 'UpdatePrimaryRegion' && typeof primaryRegion === 'string') {
    return [charge, { ...charge, region: primaryRegion }];
  }
  if (operation === 'ReplicateKey' && typeof replicaRegion === 'string') {
    return [charge, { operation: 'CreateKey', region: replicaRegion, cost: 2 }];
  }
  return [charge];
}
