import { partitionOf } from '../keys/regions';
import { operation } from '../operations/shared/operation';

/** GetCallerIdentity: returns the role that an `ASIA…` key belongs to, else the root of the account. */
export const getCallerIdentity = operation({
  types: {},
  run({ store, accessKeyId, accountId, region }) {
    const session = accessKeyId === undefined ? undefined : store.state.sessions.get(accessKeyId);
    return {
      Arn: session?.arn ?? `arn:${partitionOf(region)}:iam::${accountId}:root`,
      UserId: session?.userId ?? accountId,
      Account: accountId,
    };
  },
});
