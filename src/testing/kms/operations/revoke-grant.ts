import { KEY_ID } from '../common-shapes';
import { dryRun } from '../errors';
import { findKey } from '../find-key';
import { grantNotFound } from '../grant-errors';
import { GRANT_ID } from '../grants';
import { operation } from '../operation';

/** RevokeGrant. */
export const revokeGrant = operation({
  types: {
    KeyId: KEY_ID,
    GrantId: { ...GRANT_ID, required: true },
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'RevokeGrant');
    const rest = (key.grants ?? []).filter(({ id }) => id !== input.GrantId);
    if (rest.length === (key.grants ?? []).length) throw grantNotFound(input.GrantId);
    if (input.DryRun === true) throw dryRun();
    key.grants = rest;
    return {};
  },
});
