import { partitionOf } from '../keys/key-arn';
import { operation } from '../operations/shared/operation';

/** GetCallerIdentity: the assumed role behind an `ASIA…` key, else the root of the account. */
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
