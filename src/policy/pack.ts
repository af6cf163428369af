import { PolicyPack } from '@pulumi/policy';
import { byokPolicies } from './byok-policies';

/** Serves the rules as a pack of their own. Default levels: those of `baseline`. */
export function servePack(): PolicyPack {
  return new PolicyPack('kms-byok', {
    policies: byokPolicies(),
    enforcementLevel: 'mandatory',
    displayName: 'Bring your own key for AWS KMS',
    description: 'Rules for stacks that import key material into AWS KMS.',
    tags: ['aws', 'kms', 'byok'],
  });
}
