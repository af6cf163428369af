import { choiceOf, type PresetName } from '../../src/policy/presets';
import { RULES } from '../../src/policy/registry';
import type { RuleId } from '../../src/policy/rule-settings';
import { parseSettings } from '../../src/policy/settings';
import type { PackConfig } from '../support/policy-process';

/** Levels and settings as a preset has them. */
export function presetConfig(preset: PresetName): PackConfig {
  return Object.fromEntries(
    RULES.map((rule) => {
      const { level, settings } = choiceOf(preset, rule.id as RuleId);
      return [rule.id, { enforcementLevel: level, ...parseSettings(rule, settings) }];
    }),
  );
}

/** Every rule, mandatory and with the defaults of its own. */
export const ALL_MANDATORY: PackConfig = Object.fromEntries(
  RULES.map((rule) => [rule.id, { enforcementLevel: 'mandatory', ...parseSettings(rule, {}) }]),
);

/** The rule whose requirement no example but its own shows. */
export const TRANSPORT: RuleId = 'byok-post-quantum-transport';

/** Every rule that the examples of a rule keep: only those about the transport say anything of the transport. */
export function mandatoryForExample(id: string): PackConfig {
  if (id === TRANSPORT) return ALL_MANDATORY;
  return { ...ALL_MANDATORY, [TRANSPORT]: { enforcementLevel: 'disabled' } };
}
