import {
  grantConstraintTooLarge,
  grantNotFound,
  invalidGrantToken,
  invalidPrincipal,
  invalidServicePrincipal,
} from '../errors/grant-errors';
import { notBoth } from '../errors/usage-errors';
import { isPrincipalArn } from './principal-arn';
import { partitionOf } from './regions';
import type { Output } from './output';
import { opaque, readOpaque } from '../crypto/own-format';
import type { GrantConstraints, GrantRecord, KeyRecord } from '../state/records';

// Grants are stored and returned, and never evaluated: every caller may do everything.

/** Shapes of the botocore model. */
export const GRANT_ID = { type: 'string', min: 1, max: 128 } as const;

export const PRINCIPAL = {
  type: 'string',
  min: 1,
  max: 256,
  pattern: '^[\\w+=,.@:/-]+$',
} as const;

// API reference, GrantConstraints.
const MAX_CONTEXT_PAIRS = 8;
const MAX_CONTEXT_VALUE = 384;

export const SERVICE_PRINCIPAL = {
  type: 'string',
  min: 1,
  max: 128,
  pattern: '^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$',
} as const;

export const SOURCE_ARN = {
  type: 'string',
  min: 20,
  max: 512,
  pattern: '^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$',
} as const;

const SERVICE_NAME = /^(?:[a-z0-9-]+\.)+amazonaws\.com(?:\.cn)?$/; // IAM User Guide, principal-services

/** @throws {@link KmsError} InvalidArnException when it is not the ARN of a principal of the partition */
function assertPrincipal(principal: string | undefined, partition: string): void {
  if (principal !== undefined && !isPrincipalArn(principal, partition)) {
    throw invalidPrincipal(principal);
  }
}

/** @throws {@link KmsError} ValidationException when it is not the name of a service */
function assertServicePrincipal(principal: string | undefined): void {
  if (principal !== undefined && !SERVICE_NAME.test(principal)) throw invalidServicePrincipal();
}

/** The principals of a request, of which two exclude each other. */
interface Principals {
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
}

/**
 * @param region - that of the call, whose partition the principals must have
 * @throws {@link KmsError} InvalidArnException or ValidationException when a principal is malformed, or is
 * there twice (API reference).
 */
export function assertPrincipals(principals: Principals, region: string): void {
  for (const role of ['Grantee', 'Retiring'] as const) {
    const [principal, service] = [`${role}Principal`, `${role}ServicePrincipal`] as const;
    if (principals[principal] !== undefined && principals[service] !== undefined) {
      throw notBoth(principal, service);
    }
    assertPrincipal(principals[principal], partitionOf(region));
    assertServicePrincipal(principals[service]);
  }
}

/** @throws {@link KmsError} ValidationException when a constraint has too many pairs, or too long ones */
export function assertConstraints({ SourceArn: _, ...contexts }: GrantConstraints = {}): void {
  for (const pairs of Object.values(contexts)) {
    const values = Object.values(pairs);
    const isLong = values.some((value) => value.length > MAX_CONTEXT_VALUE);
    if (isLong || values.length > MAX_CONTEXT_PAIRS) throw grantConstraintTooLarge();
  }
}

/** Returns a grant as ListGrants and ListRetirableGrants do (API reference, GrantListEntry). */
export function grantEntry(key: KeyRecord, grant: GrantRecord): Output {
  return {
    KeyId: key.arn,
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.granteePrincipal,
    GranteeServicePrincipal: grant.granteeServicePrincipal,
    RetiringPrincipal: grant.retiringPrincipal,
    RetiringServicePrincipal: grant.retiringServicePrincipal,
    IssuingAccount: `arn:${partitionOf(key.region)}:iam::${key.accountId}:root`,
    Operations: grant.operations,
    Constraints: grant.constraints && { ...grant.constraints },
  };
}

/**
 * Returns the grants of a key without one of them.
 *
 * @throws {@link KmsError} NotFoundException when the key does not have that one
 */
export function grantsWithout({ grants = [] }: KeyRecord, grantId: string): GrantRecord[] {
  const rest = grants.filter(({ id }) => id !== grantId);
  if (rest.length === grants.length) throw grantNotFound(grantId);
  return rest;
}

/** The content of a grant token. AWS's tokens are opaque, and so are these. */
export interface GrantReference {
  readonly keyArn: string;
  readonly grantId: string;
}

/** Makes a token. AWS returns a different one each time (API reference, CreateGrant), hence `nonce`. */
export function grantToken({ keyArn, grantId }: GrantReference, nonce: Buffer): string {
  return opaque('grant token', `${grantId} ${keyArn} ${nonce.toString('hex')}`);
}

/** @throws {@link KmsError} InvalidGrantTokenException when the text is not a token. */
export function readGrantToken(token: string): GrantReference {
  const [grantId, keyArn] = readOpaque('grant token', token)?.split(' ') ?? [];
  if (grantId === undefined || keyArn === undefined) throw invalidGrantToken();
  return { grantId, keyArn };
}
