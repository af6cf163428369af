import { GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { dryRun } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import { grantConstraintNotAllowed, grantOperationNotAllowed } from '../errors/grant-errors';
import { GRANT_OPERATIONS, isGrantable } from '../keys/grant-operations';
import { grantToken, PRINCIPAL } from '../keys/grants';
import { isSymmetric } from '../crypto/key-specs';
import { operation } from './shared/operation';
import type { GrantRecord, KeyRecord } from '../state/store';

/**
 * CreateGrant. With the same name and parameters it gives the same grant again, so that a retry
 * makes no second one (API reference).
 */
export const createGrant = operation({
  types: {
    KeyId: KEY_ID,
    GranteePrincipal: { ...PRINCIPAL, required: true },
    RetiringPrincipal: PRINCIPAL,
    Operations: {
      type: 'list',
      member: { type: 'string', enum: GRANT_OPERATIONS },
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
    const key = findKey(context, input.KeyId, 'CreateGrant');
    for (const name of input.Operations) {
      if (!isGrantable(key, name)) throw grantOperationNotAllowed(name, key.keyUsage);
    }
    if (input.Constraints !== undefined && !isSymmetric(key)) throw grantConstraintNotAllowed();
    if (input.DryRun === true) throw dryRun();
    const grant = kept(key, {
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

/** The grant that the key has already, or the new one. */
function kept(key: KeyRecord, grant: GrantRecord): GrantRecord {
  const grants = key.grants ?? [];
  const same = grants.find((other) => grant.name !== undefined && terms(other) === terms(grant));
  if (same !== undefined) return same;
  key.grants = [...grants, grant];
  return grant;
}

/** Everything that a caller says of a grant. */
function terms({ id: _id, createdAt: _createdAt, ...rest }: GrantRecord): string {
  return JSON.stringify(rest);
}
