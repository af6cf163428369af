import { closest } from 'fastest-levenshtein';
import * as z from 'zod';
import { DURATION_FORM, parseDuration } from '../domain/duration';
import { ByokError } from '../errors';
import type { Schemas, Settings, SettingsSchema } from './rule';
import type { CommonSettings, Complete } from './rule-settings';

/** Defines a setting that is a duration such as `30d`; the rule gets its text. */
export function duration(text: string, description: string) {
  return z
    .string()
    .regex(DURATION_FORM)
    .refine((value) => !/^(?:0+[wdhms])+$/.test(value))
    .default(text)
    .describe(description);
}

/** Returns the seconds of a setting that is a duration. */
export function secondsOf(setting: string): number {
  return parseDuration(setting, 'the setting');
}

/** The schema of the settings that every rule has in addition to its own. */
export const COMMON_SETTINGS = z.object({
  except: z
    .array(z.string())
    .default([])
    .describe('Names or URNs of resources to which the rule does not apply.'),
} satisfies Schemas<CommonSettings>);

/** Returns whether the settings of a rule name a resource as an exception. */
export function isExcepted(
  { name, urn }: { readonly name: string; readonly urn: string },
  { except }: Complete<CommonSettings>,
): boolean {
  return except.includes(name) || except.includes(urn);
}

/** Returns the schema of all settings of a rule: its own and the common ones, and no others. */
export function wholeSchema(settings: SettingsSchema): SettingsSchema {
  return z.strictObject({ ...settings.shape, ...COMMON_SETTINGS.shape });
}

/**
 * Checks the settings of a rule and completes them with the defaults.
 *
 * @throws {@link ByokError} `POLICY_CONFIG`
 */
export function parseSettings(
  rule: { readonly id: string; readonly settings: SettingsSchema },
  configured: Settings,
): Settings & Complete<CommonSettings> {
  const schema = wholeSchema(rule.settings);
  const result = schema.safeParse(configured);
  if (result.success) return result.data as Settings & Complete<CommonSettings>;
  const [issue] = result.error.issues;
  const names = Object.keys(schema.shape);
  throw new ByokError(
    'POLICY_CONFIG',
    `the configuration of ${rule.id}: ${sentenceOf(issue, names)}`,
  );
}

function sentenceOf(issue: z.core.$ZodIssue | undefined, names: readonly string[]): string {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    return `${name} is not a setting of this rule; the nearest is ${closest(name, names)}, and docs/reference/rules.md lists all`;
  }
  const name = issue?.path.map(String).join('.') ?? '';
  if (issue?.code === 'invalid_value') {
    return `${name} must be one of ${issue.values.map(String).join(', ')}`;
  }
  if (issue?.code === 'invalid_type') return `${name} must be of type ${issue.expected}`;
  if (issue?.code === 'too_small') return `${name} must be at least ${issue.minimum}`;
  if (issue?.code === 'too_big') return `${name} must be at most ${issue.maximum}`;
  return `${name} must be a duration such as 30d or 12h`;
}

/** Runs a check of the configuration so that the SDK, which shows the stack of an error, shows its message. */
export function asSentence<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof ByokError) error.stack = error.message;
    throw error;
  }
}
