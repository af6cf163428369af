import type { RuleId } from '../../../src/policy/rule-settings';
import type { ShownResource } from '../../support/policy-process';

/** The names of the resources that are in violation. */
type On = readonly string[];

/** Cases of a rule: stacks as the engine shows them, each under a title. */
export interface RuleCases {
  readonly rule: RuleId;
  readonly violates: Readonly<Record<string, readonly [readonly ShownResource[], On]>>;
  readonly passes: Readonly<Record<string, readonly ShownResource[]>>;
  /** Stacks that the rule cannot judge even after the update, and the resources that it names. */
  readonly remarks?: Readonly<Record<string, readonly [readonly ShownResource[], On]>>;
  /** Stacks that the rule cannot judge in a preview. It reports only that. */
  readonly undecided: Readonly<Record<string, readonly ShownResource[]>>;
  readonly configured: Readonly<
    Record<string, readonly [Readonly<Record<string, unknown>>, readonly ShownResource[], On]>
  >;
}
