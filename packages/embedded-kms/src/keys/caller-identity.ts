import type { Context } from './context';
import { partitionOf } from './regions';

/** The identity of a caller, as GetCallerIdentity shows it. */
export interface CallerIdentity {
  readonly arn: string;
  readonly userId: string;
  readonly accountId: string;
}

/** Returns the role that an `ASIA…` access key belongs to, else the root of the account. */
export function callerIdentity({
  store,
  accessKeyId,
  accountId,
  region,
}: Pick<Context, 'store' | 'accessKeyId' | 'accountId' | 'region'>): CallerIdentity {
  const session = accessKeyId === undefined ? undefined : store.state.sessions.get(accessKeyId);
  return {
    arn: session?.arn ?? `arn:${partitionOf(region)}:iam::${accountId}:root`,
    userId: session?.userId ?? accountId,
    accountId,
  };
}
