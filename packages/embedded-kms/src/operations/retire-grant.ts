import { dryRun } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { grantUnnamed } from '../errors/grant-errors';
import { GRANT_ID, grantsWithout, readGrantToken, type GrantReference } from '../keys/grants';
import { operation } from './shared/operation';

/** RetireGrant, by token, or by key and grant id. */
export const retireGrant = operation({
  types: {
    GrantToken: { type: 'string', min: 1, max: 8192 },
    KeyId: { type: 'string', min: 1, max: 2048 },
    GrantId: GRANT_ID,
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    const { keyArn, grantId } = grantOf(input.GrantToken, input.KeyId, input.GrantId);
    const key = findKey(context, keyArn, 'RetireGrant');
    const rest = grantsWithout(key, grantId);
    if (input.DryRun === true) throw dryRun();
    context.store.setGrants(key, rest);
    return {};
  },
});

function grantOf(
  token: string | undefined,
  keyArn: string | undefined,
  grantId: string | undefined,
): GrantReference {
  if (token !== undefined && keyArn === undefined && grantId === undefined) {
    return readGrantToken(token);
  }
  if (token !== undefined || keyArn === undefined || grantId === undefined) throw grantUnnamed();
  return { keyArn, grantId };
}
