import { EVIDENCE_ACTIONS, LAST_USE_ACTIONS, ROLE_ACTIONS } from '../../src/domain/role-actions';

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** An identity policy. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A policy of docs/reference/iam.md. */
export type PolicyName =
  | keyof typeof ROLE_ACTIONS
  | 'disabled keys'
  | 'replacement of staged material'
  | 'last use'
  | 'evidence';

const KEYS = 'arn:aws:kms:eu-central-1:111122223333:key/*';
const TAGGED = { 'aws:ResourceTag/imported-by': 'pulumi-kms-byok' };
const READ: readonly string[] = ROLE_ACTIONS.reader;

const change = (Sid: string, Action: readonly string[], conditions = {}): Statement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource: KEYS,
  Condition: { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL', ...TAGGED, ...conditions } },
});
const read: Statement = { Sid: 'ReadKeys', Effect: 'Allow', Action: READ, Resource: KEYS };
const policy = (...Statement: readonly Statement[]): Policy => ({
  Version: '2012-10-17',
  Statement,
});
/** Actions that a role needs besides reading, without those that have their own statement. */
const own = (role: keyof typeof ROLE_ACTIONS, ...elsewhere: readonly string[]): readonly string[] =>
  ROLE_ACTIONS[role].filter((action) => !READ.includes(action) && !elsewhere.includes(action));

/** The policies of docs/reference/iam.md, by their heading. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  reader: policy(
    {
      Sid: 'FindKeys',
      Effect: 'Allow',
      Action: ['kms:ListAliases', 'kms:ListKeys'],
      Resource: '*',
    },
    read,
  ),
  importer: policy(
    read,
    change('FetchWrappingKey', own('importer', 'kms:ImportKeyMaterial'), {
      'kms:WrappingAlgorithm': ['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256'],
      'kms:WrappingKeySpec': 'RSA_4096',
    }),
    change('ImportMaterial', own('importer', 'kms:GetParametersForImport'), {
      'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES',
    }),
  ),
  rotator: policy(read, change('Rotate', own('rotator'))),
  destroyer: policy(read, change('DeleteMaterial', own('destroyer'))),
  'last use': policy({
    Sid: 'ReadLastUse',
    Effect: 'Allow',
    Action: LAST_USE_ACTIONS,
    Resource: KEYS,
  }),
  evidence: policy({
    Sid: 'ReadEvidence',
    Effect: 'Allow',
    Action: EVIDENCE_ACTIONS,
    Resource: KEYS,
  }),
  'disabled keys': policy(change('KeepDisabled', ['kms:DisableKey'])),
  'replacement of staged material': policy(
    change('ReplaceStagedMaterial', [...own('destroyer'), 'kms:GetKeyRotationStatus']),
  ),
};
