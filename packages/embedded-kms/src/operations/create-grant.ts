import { isDeepStrictEqual } from 'node:util';
import { GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { dryRun } from '../errors/kms-error';
import { findKey } from '../keys/find-key';
import {
  grantConstraintNotAllowed,
  grantOperationNotAllowed,
  neededForService,
} from '../errors/grant-errors';
import { oneOf } from '../errors/usage-errors';
import { GRANT_OPERATIONS, isGrantable } from '../keys/grant-operations';
import {
  assertConstraints,
  assertPrincipals,
  grantToken,
  PRINCIPAL,
  SERVICE_PRINCIPAL,
  SOURCE_ARN,
} from '../keys/grants';
import { isSymmetric } from '../crypto/key-specs';
import { operation } from './shared/operation';
import type { GrantConstraints, GrantRecord, KeyRecord } from '../state/records';
import type { Store } from '../state/store';

/**
 * CreateGrant. The same name and parameters return the same grant, so that a retry does not create a
 * second one (API reference).
 */
export const createGrant = operation({
  types: {
    KeyId: KEY_ID,
    GranteePrincipal: PRINCIPAL,
    GranteeServicePrincipal: SERVICE_PRINCIPAL,
    RetiringPrincipal: PRINCIPAL,
    RetiringServicePrincipal: SERVICE_PRINCIPAL,
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
        SourceArn: SOURCE_ARN,
      },
    },
    GrantTokens: GRANT_TOKENS,
    Name: { type: 'string', min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' },
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    assertPrincipals(input, context.region);
    assertGrantee(input);
    assertConstraints(input.Constraints);
    const key = findKey(context, input.KeyId, 'CreateGrant');
    for (const name of input.Operations) {
      if (!isGrantable(key, name)) throw grantOperationNotAllowed(name, key.keyUsage);
    }
    if (hasContext(input.Constraints) && !isSymmetric(key)) throw grantConstraintNotAllowed();
    if (input.DryRun === true) throw dryRun();
    const grant = kept(context.store, key, {
      id: context.store.random(32).toString('hex'),
      createdAt: context.now,
      name: input.Name,
      granteePrincipal: input.GranteePrincipal,
      granteeServicePrincipal: input.GranteeServicePrincipal,
      retiringPrincipal: input.RetiringPrincipal,
      retiringServicePrincipal: input.RetiringServicePrincipal,
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

interface Grantee {
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly Constraints?: GrantConstraints;
}

/** A service needs the ARN of its resource, and somebody who retires its grant (API reference). */
function assertGrantee(input: Grantee): void {
  const { GranteePrincipal: grantee, GranteeServicePrincipal: service, Constraints } = input;
  if (grantee === undefined && service === undefined) {
    throw oneOf('GranteePrincipal', 'GranteeServicePrincipal');
  }
  if (service === undefined) return;
  if (Constraints?.SourceArn === undefined) throw neededForService('the constraint SourceArn');
  if ((input.RetiringPrincipal ?? input.RetiringServicePrincipal) === undefined) {
    throw neededForService('a RetiringPrincipal or a RetiringServicePrincipal');
  }
}

/** Constraints of encryption contexts are for symmetric keys, and SourceArn is for all (API reference). */
function hasContext({ SourceArn: _source, ...contexts }: GrantConstraints = {}): boolean {
  return Object.keys(contexts).length > 0;
}

/** Returns the grant that the key already has, or adds the new one. */
function kept(store: Store, key: KeyRecord, grant: GrantRecord): GrantRecord {
  const grants = key.grants ?? [];
  const same =
    grant.name === undefined ? undefined : grants.find((other) => haveSameTerms(other, grant));
  if (same !== undefined) return same;
  store.setGrants(key, [...grants, grant]);
  return grant;
}

/**
 * Whether the caller chose the same for two grants. The orders of operations and of the pairs of an encryption context
 * do not matter: inferred.
 */
function haveSameTerms(one: GrantRecord, other: GrantRecord): boolean {
  return one.name === other.name && isDeepStrictEqual(terms(one), terms(other));
}

function terms({ id: _id, createdAt: _createdAt, operations, ...rest }: GrantRecord) {
  return { ...rest, operations: new Set(operations) };
}
