import { closest } from 'fastest-levenshtein';
import { ByokError, assert } from '../errors';
import { RULES } from './registry';
import type { Settings } from './rule';
import { parseSettings } from './settings';

// In a configuration file, the CLI reads the level of this name as the level of all rules.
const ALL_RULES = 'all';

/**
 * Checks that a name is that of a rule.
 *
 * @throws {@link ByokError} `POLICY_CONFIG`
 */
export function assertRule(name: string): void {
  const ids = RULES.map(({ id }) => id);
  if (ids.includes(name)) return;
  throw new ByokError(
    'POLICY_CONFIG',
    `${name} is not a rule of pulumi-kms-byok; the nearest is ${closest(name, ids)}`,
  );
}

/**
 * Checks the configuration of a run: the settings by the names of the rules.
 *
 * @throws {@link ByokError} `POLICY_CONFIG`
 */
export function assertConfiguration(configuration: ReadonlyMap<string, Settings>): void {
  for (const [name, settings] of configuration) {
    if (name === ALL_RULES) {
      assertOnlyLevel(settings);
      continue;
    }
    assertRule(name);
    const rule = RULES.find(({ id }) => id === name);
    if (rule !== undefined) parseSettings(rule, settings);
  }
}

function assertOnlyLevel(settings: Settings): void {
  const [setting] = Object.keys(settings);
  assert(
    setting === undefined,
    'POLICY_CONFIG',
    `the configuration of ${ALL_RULES} has ${setting ?? ''}, but it can only have an enforcementLevel: give a setting to each rule that has it`,
  );
}
