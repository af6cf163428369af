import { GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { dryRun } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { grantConstraintNotAllowed, grantOperationNotAllowed } from '../errors/grant-errors';
import { GRANT_OPERATIONS, isGrantable } from '../keys/grant-operations';
import { assertConstraints, assertPrincipal, grantToken, PRINCIPAL } from '../keys/grants';
import { isSymmetric } from '../crypto/key-specs';
import { operation } from './shared/operation';
import type { GrantRecord, KeyRecord, Store } from '../state/store';

/**
 * CreateGrant. The same name and parameters return the same grant, so that a retry does not create a
 * second one (API reference).
 */
export const createGrant = operation({
  types: {
    KeyId: KEY_ID,
    GranteePrincipal: { ...PRINCIPAL, required: true },
    RetiringPrincipal: PRINCIPAL,
    Operations: {
      type: 'list',
      member: { type: 'string', enum: GRANT_OPERATIONS },
      min: 1, // the model has no minimum; that AWS refuses an empty list is documented
      required: true,
    },
    Constraints: {
      type: 'structure',
      members: {
        EncryptionContextSubset: { type: 'map' },
        EncryptionContextEquals: { type: 'map' },
      },
    },
    GrantTokens: GRANT_TOKENS,
    Name: { type: 'string', min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' },
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    assertPrincipal(input.GranteePrincipal);
    assertPrincipal(input.RetiringPrincipal);
    assertConstraints(input.Constraints);
    const key = findKey(context, input.KeyId, 'CreateGrant');
    for (const name of input.Operations) {
      if (!isGrantable(key, name)) throw grantOperationNotAllowed(name, key.keyUsage);
    }
    if (input.Constraints !== undefined && !isSymmetric(key)) throw grantConstraintNotAllowed();
    if (input.DryRun === true) throw dryRun();
    const grant = kept(context.store, key, {
      id: context.store.random(32).toString('hex'),
      createdAt: context.now,
      name: input.Name,
      granteePrincipal: input.GranteePrincipal,
      retiringPrincipal: input.RetiringPrincipal,
      operations: input.Operations,
      constraints: input.Constraints,
    });
    const nonce = context.store.random(16);
    return {
      GrantId: grant.id,
      GrantToken: grantToken({ keyArn: key.arn, grantId: grant.id }, nonce),
    };
  },
});

/** Returns the grant that the key already has, or adds the new one. */
function kept(store: Store, key: KeyRecord, grant: GrantRecord): GrantRecord {
  const grants = key.grants ?? [];
  const same = grants.find((other) => grant.name !== undefined && terms(other) === terms(grant));
  if (same !== undefined) return same;
  store.setGrants(key, [...grants, grant]);
  return grant;
}

/** Everything in a grant that the caller chose. */
function terms({ id: _id, createdAt: _createdAt, ...rest }: GrantRecord): string {
  return JSON.stringify(rest);
}
