/** How often an operation may be called. */
export interface RequestQuota {
  /** Requests per second, for one account and Region. */
  readonly perSecond: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
  /** The highest rate to try, where calls are accepted. Default: none. */
  readonly most?: number | undefined;
}

/**
 * The request quotas that AWS documents (AWS KMS Developer Guide, requests-per-second); each
 * operation here has one of its own. AWS states no burst: one second's worth is taken for it.
 */
const REQUEST_QUOTAS: Readonly<Record<string, RequestQuota>> = {
  // Three calls within 0.62 s were seen to pass. Older editions of the page say 0.25 per second.
  GetParametersForImport: { perSecond: 1, burst: 3 },
  RotateKeyOnDemand: perSecond(5),
  ImportKeyMaterial: perSecond(15),
  DeleteImportedKeyMaterial: perSecond(15),
  ListKeyRotations: perSecond(100),
  ListAliases: perSecond(500),
  ListKeys: perSecond(500),
  GetKeyRotationStatus: perSecond(1000),
  DescribeKey: perSecond(2000),
};

/** Of the operations that manage keys, most have this one. */
const USUAL = perSecond(5);

/** The quota of an operation, and whether it is one that AWS documents. */
export function quotaOf(operation: string): RequestQuota & { readonly documented: boolean } {
  const quota = REQUEST_QUOTAS[operation];
  return { ...(quota ?? USUAL), documented: quota !== undefined };
}

/** A part of a quota that is never exceeded, because the rest is for others. */
export function shareOf(quota: RequestQuota, share: number): RequestQuota {
  const rate = quota.perSecond * share;
  return { perSecond: rate, burst: Math.max(1, quota.burst * share), most: rate };
}

function perSecond(rate: number): RequestQuota {
  return { perSecond: rate, burst: rate };
}
