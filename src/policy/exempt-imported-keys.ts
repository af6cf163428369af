import type {
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from '@pulumi/policy';
import { isExternalKey } from './stack/key-index';
import { EXTERNAL_KEYS } from './resource-types';

type AnyPolicy = ResourceValidationPolicy | StackValidationPolicy;

const REASON = 'KMS cannot rotate imported key material automatically.';

/**
 * Makes the policies of another pack skip keys whose material is imported. Use it for policies
 * that require automatic rotation of every key: KMS refuses that for imported material (AWS KMS
 * Developer Guide, rotate-keys), and `byok-material-age` replaces such a rule.
 *
 * @param policies - the policies that the other pack exports
 * @param names - names of the policies to change; the others are returned unchanged. Default: all
 *
 * @example
 * ```ts
 * import { PolicyPack } from '@pulumi/policy';
 * import type { Policies } from '@pulumi/policy';
 * import { byokPolicies, exemptImportedKeys } from 'pulumi-kms-byok/policy';
 *
 * declare const companyPolicies: Policies;
 *
 * new PolicyPack('our-rules', {
 *   policies: [
 *     ...exemptImportedKeys(companyPolicies, ['every-key-rotates']),
 *     ...byokPolicies({ rules: { 'byok-material-age': 'mandatory' } }),
 *   ],
 * });
 * ```
 */
export function exemptImportedKeys(
  policies: readonly AnyPolicy[],
  names?: readonly string[],
): AnyPolicy[] {
  return policies.map((policy) => {
    if (names !== undefined && !names.includes(policy.name)) return policy;
    return 'validateStack' in policy ? exemptStack(policy) : exemptResource(policy);
  });
}

function exemptStack(policy: StackValidationPolicy): StackValidationPolicy {
  const validate = policy.validateStack;
  return {
    ...policy,
    validateStack: keepType(validate, (args, report) =>
      validate(
        { ...args, resources: args.resources.filter((resource) => !isExternalKey(resource)) },
        report,
      ),
    ),
  };
}

function exemptResource(policy: ResourceValidationPolicy): ResourceValidationPolicy {
  const { validateResource, remediateResource } = policy;
  return {
    ...policy,
    ...(validateResource === undefined
      ? {}
      : {
          validateResource: Array.isArray(validateResource)
            ? validateResource.map(exemptValidation)
            : exemptValidation(validateResource),
        }),
    ...(remediateResource === undefined
      ? {}
      : { remediateResource: exemptRemediation(remediateResource) }),
  };
}

function exemptValidation(validate: ResourceValidation): ResourceValidation {
  return keepType(validate, (args, report) => {
    if (EXTERNAL_KEYS.includes(args.type)) args.notApplicable(REASON);
    return validate(args, report);
  });
}

function exemptRemediation(remediate: ResourceRemediation): ResourceRemediation {
  return keepType(remediate, (args) => {
    if (EXTERNAL_KEYS.includes(args.type)) args.notApplicable(REASON);
    return remediate(args);
  });
}

// The SDK stores on the function the resource type that it is for.
function keepType<Call extends object>(from: Call, to: Call): Call {
  return Object.assign(to, from);
}
