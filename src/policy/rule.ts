import type {
  PolicyComplianceFramework,
  PolicyResource,
  ResourceValidationArgs,
  Severity,
} from '@pulumi/policy';
import type { z } from 'zod';

/** What is said of a rule, in the metadata of its policy and in its documentation. */
export interface RuleText {
  /** Name of the policy: `byok-` and the name of its file. */
  readonly id: string;
  /** What holds where the rule is kept, as a sentence; the first line of each violation. */
  readonly sentence: string;
  /** What happens where it is not kept. */
  readonly why: string;
  /** What to do about a violation. */
  readonly fix: string;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly framework?: PolicyComplianceFramework;
}

/** What rules about the life of a key refer to. */
export const CRYPTOPERIODS: PolicyComplianceFramework = {
  name: 'NIST SP 800-57 Part 1',
  version: 'Revision 5',
  reference: '5.3',
  specification: 'Cryptoperiods',
};

/** Settings as a rule gets them: checked, and complete by their defaults. */
export type Settings = Readonly<Record<string, unknown>>;

/** The schema of the settings of a rule; each has a description and a default. */
export type SettingsSchema = z.ZodObject;

/** One resource as the engine shows it to a resource rule: its inputs, after the provider's check. */
export type CheckedResource = Pick<
  ResourceValidationArgs,
  'type' | 'name' | 'urn' | 'props' | 'opts'
>;

/**
 * A rule about one resource, asked before the resource is touched. It yields one sentence for each
 * violation: what is wrong, and never a value of the resource, which may be a secret. Reading a
 * property that is unknown in a preview throws, and the SDK then says that the rule could not run.
 */
export interface ResourceRule<S = Settings> extends RuleText {
  readonly kind: 'resource';
  readonly types: readonly string[];
  readonly settings: SettingsSchema;
  readonly check: (resource: CheckedResource, settings: S, now: Date) => Iterable<string>;
  /**
   * Changes the inputs so that the rule is kept, where that is safe, and returns whether it did.
   * Used at the enforcement level `remediate`.
   */
  readonly remediate?: (props: Record<string, unknown>, settings: S) => boolean;
}

/** A violation of a rule about the whole stack. */
export interface StackViolation {
  readonly resource: PolicyResource;
  /** As of a resource rule. */
  readonly message: string;
}

/** A rule about several resources together, asked with their outputs at the end of a run. */
export interface StackRule<S = Settings> extends RuleText {
  readonly kind: 'stack';
  readonly settings: SettingsSchema;
  readonly check: (
    resources: readonly PolicyResource[],
    settings: S,
    now: Date,
  ) => Iterable<StackViolation>;
}

/** A rule of the pack. */
export type Rule = ResourceRule | StackRule;

/** Defines a rule about one resource; its settings have the type of their schema. */
export function resourceRule<Schema extends SettingsSchema, const Id extends string>(
  rule: Omit<ResourceRule<z.output<Schema>>, 'kind' | 'settings' | 'id'> & {
    readonly id: Id;
    readonly settings: Schema;
  },
): ResourceRule & { readonly id: Id; readonly settings: Schema } {
  return { ...rule, kind: 'resource' } as ResourceRule & {
    readonly id: Id;
    readonly settings: Schema;
  };
}

/** Defines a rule about the whole stack; its settings have the type of their schema. */
export function stackRule<Schema extends SettingsSchema, const Id extends string>(
  rule: Omit<StackRule<z.output<Schema>>, 'kind' | 'settings' | 'id'> & {
    readonly id: Id;
    readonly settings: Schema;
  },
): StackRule & { readonly id: Id; readonly settings: Schema } {
  return { ...rule, kind: 'stack' } as StackRule & { readonly id: Id; readonly settings: Schema };
}
