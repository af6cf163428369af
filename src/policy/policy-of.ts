import type {
  EnforcementLevel,
  Policy,
  PolicyConfigSchema,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from '@pulumi/policy';
import { z } from 'zod';
import type { ResourceRule, Rule, Settings, StackRule } from './rule';
import { parseSettings, wholeSchema } from './settings';

type PropertySchema = PolicyConfigSchema['properties'][string];

// The page is in the npm package; this is where the package's files can be read.
const PAGE = 'https://unpkg.com/pulumi-kms-byok/docs/reference/rules.md';

/**
 * Makes a policy of the Pulumi SDK of a rule.
 *
 * @param settings - what is configured in code; the configuration of the run stands above it
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

/** The settings of a rule as JSON schema, with what is configured as the defaults. */
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
      last = { text, settings: parseSettings(rule, { ...inCode, ...configured }) };
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
  // Not notApplicable(): the SDK throws an error for it, for each resource of the stack and each rule.
  const applies = ({ type }: { readonly type: string }): boolean => rule.types.includes(type);
  return {
    ...policy,
    validateResource: forItsType(rule, (args, report) => {
      if (!applies(args)) return;
      const settings = read(args.getConfig());
      if (isExcepted(args, settings.except)) return;
      for (const message of rule.check(args, settings, now())) report(message);
    }),
    ...(remediate === undefined
      ? {}
      : {
          remediateResource: forItsType(rule, (args) => {
            if (!applies(args)) return undefined;
            const settings = read(args.getConfig());
            if (isExcepted(args, settings.except)) return undefined;
            // The same object: secrets in it stay marked, and unknown values stay unread.
            return remediate(args.props, settings) ? args.props : undefined;
          }),
        }),
  };
}

// The SDK passes over a function that says for which type it is before it reads the properties, as
// it does for those of its validateResourceOfType.
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
      for (const { resource, message } of rule.check(args.resources, settings, now())) {
        if (!isExcepted(resource, settings.except)) report(message, resource.urn);
      }
    },
  };
}

function isExcepted(
  { name, urn }: { readonly name: string; readonly urn: string },
  except: readonly string[],
): boolean {
  return except.includes(name) || except.includes(urn);
}
