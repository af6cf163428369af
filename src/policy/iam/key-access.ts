import { shown } from '../../domain/service-text';
import { USE_ACTIONS } from './actions';
import { statementsOf, type Statement } from './document';
import { coversKey } from './openness';
import { exactly } from './pattern';

/** The permissions on a key, and the actions of which one suffices. */
const PERMISSIONS = {
  importMaterial: ['kms:ImportKeyMaterial'],
  deleteMaterial: ['kms:DeleteImportedKeyMaterial'],
  rotate: ['kms:RotateKeyOnDemand'],
  useKey: USE_ACTIONS,
  scheduleDeletion: ['kms:ScheduleKeyDeletion'],
  createGrants: ['kms:CreateGrant'],
  changePolicy: ['kms:PutKeyPolicy'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The name of a permission. */
export type Permission = keyof typeof PERMISSIONS;

/** The names of all permissions. */
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[];

/** One principal in one statement of a key policy. */
export interface PolicyEntry {
  /** ARN, account ID, service, unique ID of a deleted principal, or `*` for everybody. */
  readonly principal: string;
  /** Whether the statement means everybody except the principals that it names. */
  readonly isExceptNamed: boolean;
  /** Position of the statement in the policy, from 1. */
  readonly statement: number;
  /** Names of the condition keys that limit it, in lower case, sorted. Their values are in the policy. */
  readonly conditions: readonly string[];
}

/** The principals that statements allow or deny a permission. */
export interface PermissionEntries {
  readonly allowed: readonly PolicyEntry[];
  readonly denied: readonly PolicyEntry[];
}

/** The principals of a key policy, by permission. */
export type KeyPolicyAccess = Readonly<Record<Permission, PermissionEntries>>;

/**
 * Reads who has which permission from a key policy. It lists statements and does not weigh them against each other: a
 * principal that is denied is in both lists. IAM policies and grants are not part of a key policy.
 *
 * @param policy - JSON text
 * @returns undefined if the text is no policy
 */
export function keyPolicyAccess(policy: string, keyArn: string): KeyPolicyAccess | undefined {
  const statements = statementsOf(policy).filter((statement) =>
    coversKey(statement, exactly(keyArn), keyArn),
  );
  if (statementsOf(policy).length === 0) return undefined;
  const entries = (permission: Permission, allows: boolean): PolicyEntry[] =>
    statements
      .filter((statement) => statement.allows === allows)
      .filter(({ covers }) => PERMISSIONS[permission].some((action) => covers(action)))
      .flatMap(entriesOf);
  return Object.fromEntries(
    PERMISSION_NAMES.map((name) => [
      name,
      { allowed: entries(name, true), denied: entries(name, false) },
    ]),
  ) as unknown as KeyPolicyAccess;
}

function entriesOf(statement: Statement): PolicyEntry[] {
  const conditions = [...new Set(statement.conditions.map(({ key }) => shown(key)))].sort();
  return [...statement.principals, ...statement.otherPrincipals].map((principal) => ({
    principal: shown(principal),
    isExceptNamed: statement.exceptsPrincipals,
    statement: statement.number,
    conditions,
  }));
}
