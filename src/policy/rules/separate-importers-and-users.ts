import { z } from 'zod';
import { IAM_POLICY_HOLDERS, IAM_ROLE, KEY_POLICY_HOLDERS } from '../resource-types';
import { stackRule, type StackViolation } from '../rule';
import { decided } from '../stack/decided';
import { grantsOf, type Grant } from '../stack/grants';
import { KeyIndex } from '../stack/key-index';
import { PrincipalIndex } from '../stack/principal-index';

const HOLDERS = [...KEY_POLICY_HOLDERS, ...IAM_POLICY_HOLDERS, IAM_ROLE];
const ACCOUNT_ROOT = /^(?:\d{12}|arn:[^:]*:iam::\d{12}:root)$/;

/** Requires separate principals: one that imports the material, and others that use the key. */
export const separateImportersAndUsers = stackRule({
  id: 'byok-separate-importers-and-users',
  sentence: 'No principal may both import the material of a key and use the key.',
  why: 'A principal that has the material and may also use the key can read and forge everything under it without a trace in the logs of KMS. Separation of duties needs two principals.',
  fix: 'Give kms:ImportKeyMaterial and kms:DeleteImportedKeyMaterial only to the role of the pipeline, and encrypt, decrypt and sign to the roles of applications. kms:* includes both.',
  severity: 'high',
  tags: ['permissions', 'separation-of-duties'],
  settings: z.object({
    ignoreAccountRoot: z
      .boolean()
      .default(true)
      .describe(
        'Whether to ignore the root principal of an account. A statement for it only lets IAM policies decide.',
      ),
  }),
  *check(resources, { ignoreAccountRoot }) {
    const keys = new KeyIndex(resources);
    const imported = keys.imported();
    if (imported.size === 0) return;
    const context = { keys, imported, principals: new PrincipalIndex(resources) };
    const byPrincipal = new Map<string, Grants>();
    yield* decided(
      resources.filter(({ type }) => HOLDERS.includes(type)),
      function* (holder) {
        for (const grant of grantsOf(holder, context)) {
          if (ignoreAccountRoot && ACCOUNT_ROOT.test(grant.principal)) continue;
          const before = byPrincipal.get(grant.principal) ?? new Grants();
          byPrincipal.set(grant.principal, before);
          yield* before.add(grant);
        }
      },
    );
  },
});

/** Permissions of one principal that were found so far. */
class Grants {
  readonly #importing = new Map<string, Grant>();
  readonly #using = new Map<string, Grant>();
  #reported = false;

  *add(grant: Grant): Iterable<StackViolation> {
    for (const key of grant.keys) {
      if (grant.imports) this.#importing.set(key, grant);
      if (grant.uses) this.#using.set(key, grant);
    }
    if (this.#reported) return;
    const other = this.#conflictOf(grant);
    if (other === undefined) return;
    this.#reported = true;
    yield {
      resource: grant.holder,
      message:
        other.holder === grant.holder
          ? `A principal may both import and use the same key (${numbers(grant, other)} of the policy): give one of the two to another principal.`
          : `A principal may both import and use the same key (statement ${grant.statement} of this policy and another policy of the stack): give one of the two to another principal.`,
    };
  }

  #conflictOf(grant: Grant): Grant | undefined {
    for (const key of grant.keys) {
      const other =
        (grant.imports ? overlap(this.#using, key) : undefined) ??
        (grant.uses ? overlap(this.#importing, key) : undefined);
      if (other !== undefined) return other;
    }
    return undefined;
  }
}

function overlap(grants: ReadonlyMap<string, Grant>, key: string): Grant | undefined {
  if (key !== '*') return grants.get(key) ?? grants.get('*');
  const [first] = grants.values();
  return first;
}

function numbers(one: Grant, other: Grant): string {
  return one.statement === other.statement
    ? `statement ${one.statement}`
    : `statements ${[one.statement, other.statement].sort((a, b) => a - b).join(' and ')}`;
}
