import type { PolicyResource } from '@pulumi/policy';
import * as z from 'zod';
import { IAM_POLICY_HOLDERS, IAM_ROLE, KEY_GRANT, KEY_POLICY_HOLDERS } from '../resource-types';
import { stackRule, type StackViolation } from '../rule';
import { isExcepted } from '../settings';
import { conflictsAmong, type Conflict } from '../stack/conflicts';
import { Undecided } from '../stack/decided';
import { grantsOf, isAccount, type Grant, type GrantContext } from '../stack/grants';
import { KeyIndex } from '../stack/key-index';
import { PrincipalIndex } from '../stack/principal-index';

const HOLDERS = [...KEY_POLICY_HOLDERS, KEY_GRANT, ...IAM_POLICY_HOLDERS, IAM_ROLE];

/** Requires separate principals: one that imports the material, and others that use the key. */
export const separateImportersAndUsers = stackRule({
  id: 'byok-separate-importers-and-users',
  sentence: 'No principal may both import the material of a key and use the key.',
  why: 'A principal that has the material and may also use the key can read and forge everything under it without a trace in the logs of KMS. Separation of duties needs two principals.',
  fix: 'Give kms:ImportKeyMaterial and kms:DeleteImportedKeyMaterial only to the role of the pipeline, and the permission to encrypt, decrypt and sign to the roles of applications. kms:* includes both. Who may import must not have kms:CreateGrant or kms:PutKeyPolicy either, and who may use the key not kms:PutKeyPolicy, because they give the other permission to anybody.',
  severity: 'high',
  tags: ['permissions', 'separation-of-duties'],
  settings: {
    ignoreAccountRoot: z
      .boolean()
      .default(true)
      .describe(
        'Whether to ignore the root principal of an account. A statement for it only lets IAM policies decide. If its condition names principals by aws:PrincipalArn, the rule judges those.',
      ),
  },
  *check(resources, settings) {
    const keys = new KeyIndex(resources);
    const principals = new PrincipalIndex(resources);
    const isExempt = (resource: PolicyResource | undefined): boolean =>
      resource !== undefined && isExcepted(resource, settings);
    const imported = new Set([...keys.imported()].filter((key) => !isExempt(keys.resourceOf(key))));
    if (imported.size === 0) return;
    const context: GrantContext = { keys, imported, principals };
    const undecided = new Undecided();
    const grants: Grant[] = [];
    for (const holder of resources) {
      if (!HOLDERS.includes(holder.type) || isExempt(holder)) continue;
      try {
        grants.push(...grantsOf(holder, context));
      } catch (unknownValue) {
        undecided.add(unknownValue);
      }
    }
    const judged = grants.filter(
      ({ grantee }) =>
        grantee.kind !== 'one' ||
        !(
          (settings.ignoreAccountRoot && isAccount(grantee.identity)) ||
          isExempt(principals.resourceOf(grantee.identity))
        ),
    );
    yield* oncePerMessage(conflictsAmong(judged, context));
    yield* foreignPolicies(judged, principals);
    undecided.rethrow();
  },
});

function* oncePerMessage(conflicts: Iterable<Conflict>): Iterable<StackViolation> {
  const reported = new Set<string>();
  for (const conflict of conflicts) {
    const resource = conflict.using.holder;
    const message = messageOf(conflict);
    const report = `${resource.urn}\n${message}`;
    if (reported.has(report)) continue;
    reported.add(report);
    yield { resource, message, isRemark: conflict.isUncertain };
  }
}

function messageOf({ importing, using, isUncertain }: Conflict): string {
  const place = placeOf(importing, using);
  if (isUncertain) {
    return `A principal may both import and use the same key, if it is among those that a condition or a pattern chooses (${place}). The rule cannot tell: name the principals by their ARNs.`;
  }
  const what =
    importing.powers.imports && using.powers.uses
      ? 'both import and use the same key'
      : importing.powers.imports
        ? 'import into a key and give itself the use of it, by a grant or by a new key policy'
        : 'use a key and give itself the import into it, by a new key policy';
  return `A principal may ${what} (${place}): give one of the two to another principal.`;
}

function placeOf(importing: Grant, using: Grant): string {
  const own = using.statement === undefined ? 'this grant' : `statement ${using.statement}`;
  if (importing.holder !== using.holder) {
    return using.statement === undefined
      ? `${own} and another policy of the stack`
      : `${own} of this policy and another policy of the stack`;
  }
  if (importing.statement === using.statement) return `${own} of the policy`;
  const numbers = [Number(importing.statement), Number(using.statement)].sort((a, b) => a - b);
  return `statements ${numbers.join(' and ')} of the policy`;
}

// An attached policy that another stack or AWS owns can allow anything.
function* foreignPolicies(
  grants: readonly Grant[],
  principals: PrincipalIndex,
): Iterable<StackViolation> {
  const importers = new Set(
    grants.flatMap(({ grantee, powers }) =>
      grantee.kind === 'one' && powers.imports ? [grantee.identity] : [],
    ),
  );
  for (const [resource, holders] of principals.foreignPolicies()) {
    if (holders.some((holder) => importers.has(holder))) {
      yield {
        resource,
        message:
          'It attaches a policy that is not in this stack to a principal that may import. The rule cannot tell whether the policy allows the use of the key: look at it.',
        isRemark: true,
      };
    }
  }
}
