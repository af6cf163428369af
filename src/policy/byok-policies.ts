import type {
  EnforcementLevel,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from '@pulumi/policy';
import { assert } from '../errors';
import { assertRule } from './configuration';
import { policyOf } from './policy-of';
import type { PresetName } from './presets';
import { choiceOf, PRESETS } from './presets';
import { RULES } from './registry';
import type { RuleId, RuleSettings } from './rule-settings';

const LEVELS: readonly EnforcementLevel[] = ['advisory', 'mandatory', 'remediate', 'disabled'];

/** The enforcement level of a rule, or its settings with or without a level. */
export type RuleConfig<Id extends RuleId> =
  | EnforcementLevel
  | (RuleSettings[Id] & { readonly enforcementLevel?: EnforcementLevel | undefined });

/** Options of {@link byokPolicies}. */
export interface ByokPoliciesOptions {
  /** Levels and settings of all rules. Default: `baseline`. */
  readonly preset?: PresetName | undefined;
  /** Levels and settings that differ from the preset, by the name of the rule. */
  readonly rules?: { readonly [Id in RuleId]?: RuleConfig<Id> | undefined } | undefined;
}

/**
 * Returns the rules of this package for your own policy pack. The configuration of a run
 * (`--policy-pack-config`) takes precedence over these options.
 *
 * @throws `ByokError` `POLICY_CONFIG`
 *
 * @example
 * ```ts
 * import { PolicyPack } from '@pulumi/policy';
 * import { byokPolicies } from 'pulumi-kms-byok/policy';
 *
 * new PolicyPack('our-rules', {
 *   policies: byokPolicies({
 *     preset: 'strict',
 *     rules: {
 *       'byok-maximum-validity': { maximum: '120d' },
 *       'byok-expiration-alarm': 'mandatory',
 *     },
 *   }),
 * });
 * ```
 */
export function byokPolicies(
  options: ByokPoliciesOptions = {},
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  assertObject(options, 'the argument of byokPolicies');
  const { preset = 'baseline', rules = {}, ...others } = options;
  const [other] = Object.keys(others);
  // A pack in JavaScript has no types, and a misspelt name would leave its rules off in silence.
  assert(
    other === undefined,
    'POLICY_CONFIG',
    `${String(other)} is not an option of byokPolicies: it has preset and rules`,
  );
  assert(
    Object.hasOwn(PRESETS, preset),
    'POLICY_CONFIG',
    `preset must be one of ${Object.keys(PRESETS).join(', ')}`,
  );
  assertObject(rules, 'rules');
  Object.keys(rules).forEach(assertRule);
  return RULES.map((rule) => {
    const id = rule.id as RuleId;
    const { level, settings } = choiceOf(preset, id);
    const { [id]: given = {} } = rules;
    if (typeof given !== 'string') assertObject(given, `the configuration of ${id}`);
    const { enforcementLevel = level, ...own } =
      typeof given === 'string' ? { enforcementLevel: given } : given;
    assert(
      LEVELS.includes(enforcementLevel),
      'POLICY_CONFIG',
      `the configuration of ${id}: enforcementLevel must be one of ${LEVELS.join(', ')}`,
    );
    return policyOf(rule, enforcementLevel, { ...settings, ...own }, () => new Date());
  });
}

// A null is refused too, because it could mean the default as well as a rule that is off.
function assertObject(value: unknown, what: string): void {
  assert(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    'POLICY_CONFIG',
    `${what} must be an object${what.startsWith('the configuration') ? ' with the settings of the rule, or a level' : ''}: leave it out for the defaults`,
  );
}
