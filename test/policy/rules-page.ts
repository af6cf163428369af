import { propertiesOfSchema } from '../../src/policy/policy-of';
import { choiceOf, PRESETS, type PresetName } from '../../src/policy/presets';
import { RULES } from '../../src/policy/registry';
import type { RuleId } from '../../src/policy/rule-settings';
import type { Rule } from '../../src/policy/rule';
import { parseSettings } from '../../src/policy/settings';
import { presetConfig } from './preset-config';
import { readExample } from './program';

const NAMES = Object.keys(PRESETS) as PresetName[];

/** The file of `--policy-pack-config` that is a preset. */
export function presetFile(preset: PresetName): string {
  return `${JSON.stringify(presetConfig(preset), undefined, 2)}\n`;
}

/** docs/reference/rules.md */
export function rulesPage(): string {
  return [INTRODUCTION, levels(), ...RULES.map(section)].join('\n\n').concat('\n');
}

const INTRODUCTION = `# Policy rules

<!-- Written by npm run docs from src/policy and test/policy/programs. -->

The rules of the policy pack, in the words of the pack itself. How to run it:
[review in CI](../how-to/review-in-ci.md).

There are three presets. \`baseline\` finds mistakes in any stack and requires no process around it. \`strict\` is
for a team that depends on its keys. \`regulated\` enables every rule, and none is only advisory. The level
\`remediate\` changes the inputs before they are used, so that they follow the rule.

Every rule has the setting \`except\`: names or URNs of resources to which it does not apply. An exception
exempts these resources and no others. No rule depends on the order of the resources. A message
names properties and what to do, and never shows a value of a resource. If a rule needs a value that is
unknown in a preview, it reports that it could not run, and decides in the update. A rule about one resource
runs before the engine touches the resource. A rule about the stack runs at the end of the preview and of the
update. Some things a rule cannot know even then, such as whom a condition on a tag admits. It reports a remark,
which is an advisory at every level.

A material belongs to the key that its \`keyId\` depends on, or whose ID or ARN its \`keyId\` is. Rules about
keys, alarms and replicas see only what this stack declares, and no keys of other stacks.

The rules about permissions read key policies, grants, IAM policies and attachments of this stack. They judge a
pattern by what it matches, as IAM does, and ignore every \`Deny\`. They do not see policies of other stacks,
the members of groups, service control policies and session policies.`;

function levels(): string {
  return [
    '## Levels',
    '',
    `| rule | about | ${NAMES.join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(NAMES.length)}`,
    ...RULES.map(
      ({ id, kind }) =>
        `| [\`${id}\`](#${id}) | ${kind === 'resource' ? 'a resource' : 'the stack'} | ${NAMES.map((name) => levelOf(name, id)).join(' | ')} |`,
    ),
  ].join('\n');
}

function levelOf(preset: PresetName, id: string): string {
  const { level, settings } = choiceOf(preset, id as RuleId);
  const shown = Object.entries(settings).map(([name, value]) => `\`${name}\`: ${valueOf(value)}`);
  return [level, ...shown].join(', ');
}

function valueOf(value: unknown): string {
  if (!Array.isArray(value)) return `\`${JSON.stringify(value)}\``;
  return value.length === 0 ? 'none' : value.map((item) => `\`${String(item)}\``).join(' ');
}

function section(rule: Rule): string {
  const bad = readExample(rule.id, 'fails');
  const others = bad.caughtBy.filter((id) => id !== rule.id).map((id) => `\`${id}\``);
  const { framework } = rule;
  return [
    `## ${rule.id}`,
    rule.sentence,
    `Severity ${rule.severity}. ${NAMES.map((name) => `${name}: ${levelOf(name, rule.id)}`).join('; ')}.${
      framework === undefined
        ? ''
        : ` ${framework.name}, ${framework.version}, ${framework.reference} (${framework.specification}).`
    }`,
    `**Why.** ${rule.why}`,
    `**How to fix.** ${rule.fix}`,
    settingsTable(rule),
    `**Fails**${others.length === 0 ? '' : ` (also ${others.join(' and ')})`}`,
    `\`\`\`ts\n${bad.text.trim()}\n\`\`\``,
    '**Passes**',
    `\`\`\`ts\n${readExample(rule.id, 'passes').text.trim()}\n\`\`\``,
  ].join('\n\n');
}

function settingsTable(rule: Rule): string {
  const properties = Object.entries(propertiesOfSchema(rule, parseSettings(rule, {}))).filter(
    ([name]) => name !== 'except',
  );
  if (properties.length === 0) return 'Its only setting is `except`.';
  return [
    '| setting | default | meaning |',
    '| --- | --- | --- |',
    ...properties.map(
      ([name, schema]) =>
        `| \`${name}\` | ${valueOf(schema.default)} | ${schema.description ?? ''}${choicesOf(schema)} |`,
    ),
  ].join('\n');
}

function choicesOf(schema: { readonly enum?: unknown[]; readonly items?: unknown }): string {
  const items = schema.items as { readonly enum?: unknown[] } | undefined;
  const choices = schema.enum ?? items?.enum;
  return choices === undefined ? '' : ` Of: ${valueOf(choices)}.`;
}
