import type {
  EnforcementLevel,
  Policy,
  PolicyConfigSchema,
  ReportViolation,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from '@pulumi/policy';
import * as z from 'zod';
import type { ResourceRule, Rule, Settings, StackRule } from './rule';
import { asSentence, isExcepted, parseSettings, wholeSchema } from './settings';

type PropertySchema = PolicyConfigSchema['properties'][string];

// The page is part of the npm package, and unpkg shows the files of packages.
const PAGE = 'https://unpkg.com/pulumi-kms-byok/docs/reference/rules.md';

/**
 * Turns a rule into a policy of the Pulumi SDK.
 *
 * @param settings - settings from code; the configuration of the run takes precedence over them
 * @throws {@link ByokError} `POLICY_CONFIG`
 */
export function policyOf(
  rule: Rule,
  level: EnforcementLevel,
  settings: Settings,
  now: () => Date,
): ResourceValidationPolicy | StackValidationPolicy {
  const complete = parseSettings(rule, settings);
  const policy: Policy = {
    name: rule.id,
    description: rule.sentence,
    enforcementLevel: level,
    configSchema: { properties: propertiesOfSchema(rule, complete) },
    displayName: rule.id.replace(/^byok-/, '').replaceAll('-', ' '),
    severity: rule.severity,
    tags: ['kms', 'byok', ...rule.tags],
    remediationSteps: rule.fix,
    url: `${PAGE}#${rule.id}`,
    ...(rule.framework === undefined ? {} : { framework: rule.framework }),
  };
  const read = readSettings(rule, complete);
  return rule.kind === 'resource'
    ? resourcePolicy(rule, policy, read, now)
    : stackPolicy(rule, policy, read, now);
}

/** Returns the settings of a rule as JSON schema, with the configured values as defaults. */
export function propertiesOfSchema(rule: Rule, defaults: Settings): Record<string, PropertySchema> {
  const { properties = {} } = z.toJSONSchema(wholeSchema(rule.settings), { io: 'input' });
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      { ...(schema as PropertySchema), default: defaults[name] as object },
    ]),
  );
}

type ReadSettings = (configured: object) => ReturnType<typeof parseSettings>;

// The CLI fills in the defaults of the schema; other hosts of policies do not.
function readSettings(rule: Rule, inCode: Settings): ReadSettings {
  let last:
    { readonly text: string; readonly settings: ReturnType<typeof parseSettings> } | undefined;
  return (configured) => {
    const text = JSON.stringify(configured);
    if (last?.text !== text) {
      const settings = asSentence(() => parseSettings(rule, { ...inCode, ...configured }));
      last = { text, settings };
    }
    return last.settings;
  };
}

function resourcePolicy(
  rule: ResourceRule,
  policy: Policy,
  read: ReadSettings,
  now: () => Date,
): ResourceValidationPolicy {
  const { remediate } = rule;
  // Without notApplicable(), for which the SDK throws an error for each resource and each rule.
  const applies = ({ type }: { readonly type: string }): boolean => rule.types.includes(type);
  return {
    ...policy,
    validateResource: forItsType(rule, (args, report) => {
      if (!applies(args)) return;
      const settings = read(args.getConfig());
      if (isExcepted(args, settings)) return;
      for (const message of rule.check(args, settings, now())) report(message);
    }),
    ...(remediate === undefined
      ? {}
      : {
          remediateResource: forItsType(rule, (args) => {
            if (!applies(args)) return undefined;
            const settings = read(args.getConfig());
            if (isExcepted(args, settings)) return undefined;
            // Returns the same object, so secrets in it stay marked and unknown values stay unread.
            return remediate(args.props, settings) ? args.props : undefined;
          }),
        }),
  };
}

// If a function names the type that it is for, the SDK skips it for other types before it reads their
// properties. Its own validateResourceOfType works the same way.
function forItsType<Call extends ResourceValidation | ResourceRemediation>(
  { types }: ResourceRule,
  call: Call,
): Call {
  const [only, ...others] = types;
  return others.length > 0 ? call : Object.assign(call, { __pulumiType: only });
}

function stackPolicy(
  rule: StackRule,
  policy: Policy,
  read: ReadSettings,
  now: () => Date,
): StackValidationPolicy {
  return {
    ...policy,
    validateStack: (args, report) => {
      const settings = read(args.getConfig());
      for (const { resource, message, isRemark } of rule.check(args.resources, settings, now())) {
        if (isExcepted(resource, settings)) continue;
        if (isRemark === true) reportRemark(report, `${rule.sentence}\n${message}`, resource.urn);
        else report(message, resource.urn);
      }
    },
  };
}

// The SDK takes an object with a level of its own, and its types leave that out.
function reportRemark(report: ReportViolation, message: string, urn: string): void {
  (report as unknown as (remark: object) => void)({ message, urn, enforcementLevel: 'advisory' });
}
