import { invalidGrantToken } from '../errors/grant-errors';
import { partitionOf } from './key-arn';
import type { Output } from './output';
import { opaque, readOpaque } from '../crypto/own-format';
import type { GrantRecord, KeyRecord } from '../state/store';

// Grants are kept and given back, and never evaluated: every caller may do everything.

/** Shapes of the botocore model. */
export const GRANT_ID = { type: 'string', min: 1, max: 128 } as const;

export const PRINCIPAL = {
  type: 'string',
  min: 1,
  max: 256,
  pattern: '^[\\w+=,.@:/-]+$',
} as const;

/** One grant as ListGrants and ListRetirableGrants give it (API reference, GrantListEntry). */
export function grantEntry(key: KeyRecord, grant: GrantRecord): Output {
  return {
    KeyId: key.arn,
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.granteePrincipal,
    RetiringPrincipal: grant.retiringPrincipal,
    IssuingAccount: `arn:${partitionOf(key.region)}:iam::${key.accountId}:root`,
    Operations: grant.operations,
    Constraints: grant.constraints,
  };
}

/** What a grant token says: which grant of which key. AWS's tokens are opaque, and so is this one. */
export interface GrantReference {
  readonly keyArn: string;
  readonly grantId: string;
}

/** A token. AWS gives another one each time (API reference, CreateGrant), hence `nonce`. */
export function grantToken({ keyArn, grantId }: GrantReference, nonce: Buffer): string {
  return opaque('grant token', `${grantId} ${keyArn} ${nonce.toString('hex')}`);
}

/** @throws {@link KmsError} InvalidGrantTokenException when the text is no token. */
export function readGrantToken(token: string): GrantReference {
  const [grantId, keyArn] = readOpaque('grant token', token)?.split(' ') ?? [];
  if (grantId === undefined || keyArn === undefined) throw invalidGrantToken();
  return { grantId, keyArn };
}
