import { KEY_ID } from './shared/common-shapes';
import { dryRun } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { grantNotFound } from '../errors/grant-errors';
import { GRANT_ID } from '../keys/grants';
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
    const rest = (key.grants ?? []).filter(({ id }) => id !== input.GrantId);
    if (rest.length === (key.grants ?? []).length) throw grantNotFound(input.GrantId);
    if (input.DryRun === true) throw dryRun();
    key.grants = rest;
    return {};
  },
});
