import type { Context } from './context';
import { partitionOf } from './regions';

/** The identity of a caller, as GetCallerIdentity shows it. */
export interface CallerIdentity {
  readonly arn: string;
  /** As condition keys show it: that of the role, with its path, for an assumed role. */
  readonly principalArn: string;
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
  const root = `arn:${partitionOf(region)}:iam::${accountId}:root`;
  return {
    arn: session?.arn ?? root,
    principalArn: session?.roleArn ?? root,
    userId: session?.userId ?? accountId,
    accountId,
  };
}
