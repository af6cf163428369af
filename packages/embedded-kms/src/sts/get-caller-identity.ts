import { operation } from '../operations/shared/operation';
import { callerIdentity } from '../keys/caller-identity';

/** GetCallerIdentity: returns the role that an `ASIA…` key belongs to, else the root of the account. */
export const getCallerIdentity = operation({
  types: {},
  run(context) {
    const { arn, userId, accountId } = callerIdentity(context);
    return { Arn: arn, UserId: userId, Account: accountId };
  },
});
