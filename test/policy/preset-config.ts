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
