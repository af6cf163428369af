export { byokPolicies } from './byok-policies';
export { exemptImportedKeys } from './exempt-imported-keys';

export type { ByokPoliciesOptions, RuleConfig } from './byok-policies';
export type { PresetName } from './presets';
export type { RuleId, RuleSettings } from './rule-settings';
