import { KEY_ID } from './shared/common-shapes';
import { dryRun } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { GRANT_ID, grantsWithout } from '../keys/grants';
import { operation } from './shared/operation';

/** RevokeGrant. */
export const revokeGrant = operation({
  types: {
    KeyId: KEY_ID,
    GrantId: { ...GRANT_ID, required: true },
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'RevokeGrant');
    const rest = grantsWithout(key, input.GrantId);
    if (input.DryRun === true) throw dryRun();
    context.store.setGrants(key, rest);
    return {};
  },
});
