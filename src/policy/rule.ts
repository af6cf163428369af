import type {
  PolicyComplianceFramework,
  PolicyResource,
  ResourceValidationArgs,
  Severity,
} from '@pulumi/policy';
import * as z from 'zod';
import type { CommonSettings, Complete, OwnSettings, RuleId } from './rule-settings';

/** Texts about a rule, for the metadata of its policy and for its documentation. */
export interface RuleText {
  /** Name of the policy: `byok-` and the name of the rule's file. */
  readonly id: string;
  /** The rule as a statement about a stack that follows it; the first line of each violation. */
  readonly sentence: string;
  /** Consequence of not following it. */
  readonly why: string;
  /** Remedy for a violation. */
  readonly fix: string;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly framework?: PolicyComplianceFramework;
}

/** The standard that rules about the life of a key refer to. */
export const CRYPTOPERIODS: PolicyComplianceFramework = {
  name: 'NIST SP 800-57 Part 1',
  version: 'Revision 5',
  reference: '5.3',
  specification: 'Cryptoperiods',
};

/** Settings as a rule gets them: checked and completed with defaults. */
export type Settings = Readonly<Record<string, unknown>>;

/** The schema of a rule's settings; each setting has a description and a default. */
export type SettingsSchema = z.ZodObject;

/** One resource as the engine shows it to a resource rule: its inputs, after the provider's check, and its provider. */
export type CheckedResource = Pick<
  ResourceValidationArgs,
  'type' | 'name' | 'urn' | 'props' | 'opts' | 'provider'
>;

/**
 * A rule about one resource, checked before the engine touches the resource. It yields one sentence
 * for each violation. The sentence never contains a value of the resource, which may be a secret.
 * Reading a property that is unknown in a preview throws, and the SDK reports that the rule could not run.
 */
export interface ResourceRule<S = Settings> extends RuleText {
  readonly kind: 'resource';
  readonly types: readonly string[];
  readonly settings: SettingsSchema;
  readonly check: (resource: CheckedResource, settings: S, now: Date) => Iterable<string>;
  /**
   * Changes the inputs so that they follow the rule, where that is safe, and returns whether it
   * changed any. Used at the enforcement level `remediate`.
   */
  readonly remediate?: (props: Record<string, unknown>, settings: S) => boolean;
}

/** A violation of a rule about the whole stack. */
export interface StackViolation {
  readonly resource: PolicyResource;
  /** One sentence, as in a resource rule. */
  readonly message: string;
  /** Whether the rule cannot tell. Then it reports an advisory at every level. */
  readonly isRemark?: boolean;
}

/**
 * A rule about several resources together, checked with their outputs at the end of a run. What it
 * yields does not depend on the order of the resources. Violations of excepted resources are dropped.
 */
export interface StackRule<S = Settings> extends RuleText {
  readonly kind: 'stack';
  readonly settings: SettingsSchema;
  readonly check: (
    resources: readonly PolicyResource[],
    settings: S & Complete<CommonSettings>,
    now: Date,
  ) => Iterable<StackViolation>;
}

/** A rule of the pack. */
export type Rule = ResourceRule | StackRule;

/** The schemas of settings, by their names; each has a default. */
export type Schemas<Own> = {
  readonly [Name in keyof Own]-?: z.ZodDefault<z.ZodType<Exclude<Own[Name], undefined>>>;
};

type Definition<Id extends RuleId, Defined extends RuleText> = Omit<
  Defined,
  'kind' | 'settings' | 'id'
> & { readonly id: Id; readonly settings: Schemas<OwnSettings[Id]> };

/** Defines a rule about one resource. Its schemas are those of the settings that {@link OwnSettings} has for it. */
export function resourceRule<Id extends RuleId>(
  rule: Definition<Id, ResourceRule<Complete<OwnSettings[Id]>>>,
): ResourceRule & { readonly id: Id } {
  return {
    ...rule,
    kind: 'resource',
    settings: z.object(rule.settings),
  } as unknown as ResourceRule & {
    readonly id: Id;
  };
}

/** Defines a rule about the whole stack. Its schemas are those of the settings that {@link OwnSettings} has for it. */
export function stackRule<Id extends RuleId>(
  rule: Definition<Id, StackRule<Complete<OwnSettings[Id]>>>,
): StackRule & { readonly id: Id } {
  return { ...rule, kind: 'stack', settings: z.object(rule.settings) } as unknown as StackRule & {
    readonly id: Id;
  };
}
