import { isKeyArn, parseKeyReference, sameKey } from '../../domain/identifiers';
import { serviceText, shown as shownText } from '../../domain/service-text';
import { choiceOf, type PresetName } from '../../policy/presets';
import { RULES } from '../../policy/registry';
import type { Rule, Settings } from '../../policy/rule';
import type { RuleId } from '../../policy/rule-settings';
import { parseSettings } from '../../policy/settings';
import type { Deviation, Undecided } from './evidence';
import type { GivenExport } from './given-exports';
import { shownResources, type ShownResource } from './shown-resources';

/** A deviation, and the ARN of the key that it concerns, if it concerns one. */
export interface FoundDeviation {
  readonly keyArn: string | undefined;
  readonly deviation: Deviation;
}

/** The judgement of the policy rules on some stacks. */
export interface Judgement {
  readonly deviations: readonly FoundDeviation[];
  /** ARNs of the keys that a resource of a stack is of. */
  readonly keyArns: ReadonlySet<string>;
  /** Rules that could not be judged, so it is not known whether a resource deviates. */
  readonly undecided: readonly Undecided[];
}

/** Judges each stack by the rules of a preset, with the settings of the preset. A rule that it disables is left out. */
export function judge(exports: readonly GivenExport[], preset: PresetName, now: Date): Judgement {
  const deviations: FoundDeviation[] = [];
  const undecided: Undecided[] = [];
  const keyArns = new Set<string>();
  for (const given of exports) {
    const shown = shownResources(given);
    const keys = keysOf(shown);
    for (const arn of keys.values()) keyArns.add(arn);
    for (const rule of RULES) {
      const { level, settings } = choiceOf(preset, rule.id as RuleId);
      if (level === 'disabled') continue;
      const attempt = (urn: string | undefined, check: () => Iterable<Found>): void => {
        try {
          for (const { urn: found, message, isRemark } of check()) {
            const deviation = { rule: rule.id, level, urn: shownText(found), message, isRemark };
            deviations.push({ keyArn: keys.get(found), deviation });
          }
        } catch (error) {
          const place = urn === undefined ? {} : { urn: shownText(urn) };
          undecided.push({
            rule: rule.id,
            ...place,
            reason: serviceText((error as Error).message),
          });
        }
      };
      applyRule(rule, settings, shown, now, attempt);
    }
  }
  return {
    keyArns,
    deviations: deviations.toSorted((a, b) => byText(textOf(a.deviation), textOf(b.deviation))),
    undecided: undecided.toSorted((a, b) => byText(textOf(a), textOf(b))),
  };
}

interface Found {
  readonly urn: string;
  readonly message: string;
  readonly isRemark: boolean;
}

type Attempt = (urn: string | undefined, check: () => Iterable<Found>) => void;

function applyRule(
  rule: Rule,
  configured: Settings,
  shown: readonly ShownResource[],
  now: Date,
  attempt: Attempt,
): void {
  const settings = parseSettings(rule, configured);
  if (rule.kind === 'stack') {
    const whole = shown.map((resource) => resource.whole);
    attempt(undefined, function* () {
      for (const { resource, message, isRemark } of rule.check(whole, settings, now)) {
        yield { urn: resource.urn, message, isRemark: isRemark === true };
      }
    });
    return;
  }
  for (const { checked } of shown) {
    if (!rule.types.includes(checked.type)) continue;
    attempt(checked.urn, function* () {
      for (const message of rule.check(checked, settings, now)) {
        yield { urn: checked.urn, message, isRemark: false };
      }
    });
  }
}

// The key of a material, of a key of the aws provider, and of a resource of that provider that names a key.
function keysOf(shown: readonly ShownResource[]): ReadonlyMap<string, string> {
  const arns = new Map<string, string>();
  const candidates: { readonly urn: string; readonly keyId: string }[] = [];
  for (const { whole } of shown) {
    const arn = textIn(whole.props, 'keyArn') ?? textIn(whole.props, 'arn');
    const keyId = textIn(whole.props, 'keyId') ?? textIn(whole.props, 'targetKeyId');
    if (arn !== undefined && isKeyArn(arn)) arns.set(whole.urn, arn);
    else if (keyId !== undefined) candidates.push({ urn: whole.urn, keyId });
  }
  const known = [...new Set(arns.values())];
  for (const { urn, keyId } of candidates) {
    const same = known.filter((arn) => isSameKey(arn, keyId));
    // The ID of a multi-Region key is that of several keys.
    if (same.length === 1 && same[0] !== undefined) arns.set(urn, same[0]);
  }
  return arns;
}

function isSameKey(arn: string, keyId: string): boolean {
  try {
    return keyId === arn || sameKey(parseKeyReference(arn), parseKeyReference(keyId));
  } catch {
    // An alias, or text that names no key.
    return false;
  }
}

function textIn(props: Readonly<Record<string, unknown>>, name: string): string | undefined {
  try {
    const value = props[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf({
  rule,
  urn = '',
  ...rest
}: {
  readonly rule: string;
  readonly urn?: string;
}): string {
  return JSON.stringify([rule, urn, rest]);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
