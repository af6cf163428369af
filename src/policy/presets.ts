import type { EnforcementLevel } from '@pulumi/policy';
import type { RuleId, RuleSettings } from './rule-settings';

/** The level of a rule, and its settings where they are not the defaults. */
type Choice<Id extends RuleId> = EnforcementLevel | readonly [EnforcementLevel, RuleSettings[Id]];

/** A level, and optionally settings, for every rule. */
type Preset = { readonly [Id in RuleId]: Choice<Id> };

/** Rules against mistakes in any stack. None of them requires a process around the stack. */
const baseline: Preset = {
  'byok-no-key-material-base64': 'mandatory',
  'byok-allowed-sources': 'advisory',
  'byok-allowed-commands': 'disabled',
  'byok-wrapping-strength': 'remediate',
  'byok-post-quantum-transport': 'disabled',
  'byok-material-expires': 'disabled',
  'byok-maximum-validity': 'disabled',
  'byok-minimum-validity-left': 'advisory',
  'byok-renewal-configured': 'advisory',
  'byok-expiration-alarm': 'disabled',
  'byok-material-age': 'disabled',
  'byok-ignore-changes': 'mandatory',
  'byok-protect': ['advisory', { materials: false }],
  'byok-deletion-window': ['advisory', { minimumDays: 14 }],
  'byok-deletion-guard': 'advisory',
  'byok-replicas-complete': 'mandatory',
  'byok-no-wildcard-importers': 'mandatory',
  'byok-separate-importers-and-users': 'disabled',
};

/** Rules for a team that depends on its keys. */
const strict: Preset = {
  'byok-no-key-material-base64': 'mandatory',
  'byok-allowed-sources': [
    'mandatory',
    {
      sources: [
        'file',
        'command',
        'wrapCommand',
        'secretsManager',
        'ssmParameter',
        'wrapped',
        'pkcs11',
      ],
    },
  ],
  'byok-allowed-commands': 'mandatory',
  'byok-wrapping-strength': 'mandatory',
  'byok-post-quantum-transport': 'disabled',
  'byok-material-expires': 'advisory',
  'byok-maximum-validity': 'mandatory',
  'byok-minimum-validity-left': 'mandatory',
  'byok-renewal-configured': 'mandatory',
  'byok-expiration-alarm': 'advisory',
  'byok-material-age': 'advisory',
  'byok-ignore-changes': 'mandatory',
  'byok-protect': 'mandatory',
  'byok-deletion-window': 'mandatory',
  'byok-deletion-guard': 'mandatory',
  'byok-replicas-complete': 'mandatory',
  'byok-no-wildcard-importers': 'mandatory',
  'byok-separate-importers-and-users': 'advisory',
};

/** Rules for an audit: every rule is on, and none is only advisory. */
const regulated: Preset = {
  'byok-no-key-material-base64': 'mandatory',
  'byok-allowed-sources': ['mandatory', { sources: ['secretsManager', 'wrapped', 'pkcs11'] }],
  'byok-allowed-commands': 'mandatory',
  'byok-wrapping-strength': ['mandatory', { minimumKeySpec: 'RSA_4096' }],
  'byok-post-quantum-transport': 'mandatory',
  'byok-material-expires': 'mandatory',
  'byok-maximum-validity': ['mandatory', { maximum: '90d' }],
  'byok-minimum-validity-left': ['mandatory', { minimum: '14d' }],
  'byok-renewal-configured': ['mandatory', { alarmSuffices: false }],
  'byok-expiration-alarm': 'mandatory',
  'byok-material-age': 'mandatory',
  'byok-ignore-changes': 'mandatory',
  'byok-protect': 'mandatory',
  'byok-deletion-window': 'mandatory',
  'byok-deletion-guard': 'mandatory',
  'byok-replicas-complete': 'mandatory',
  'byok-no-wildcard-importers': ['mandatory', { administrators: false }],
  'byok-separate-importers-and-users': 'mandatory',
};

/** The presets, most lenient first. */
export const PRESETS = { baseline, strict, regulated } as const;

/**
 * The name of a preset.
 *
 * @useDeclaredType
 */
export type PresetName = keyof typeof PRESETS;

/** Returns the level and the settings that a preset has for a rule. */
export function choiceOf(
  preset: PresetName,
  rule: RuleId,
): { readonly level: EnforcementLevel; readonly settings: Readonly<Record<string, unknown>> } {
  const choice = PRESETS[preset][rule];
  return typeof choice === 'string'
    ? { level: choice, settings: {} }
    : { level: choice[0], settings: { ...choice[1] } };
}
