import type { Goal } from './goal';
import { ignoreChanges, startsAt } from './property-path';
import type { DiffResult, ResourceProvider } from './resource-provider';
import type { ResourceState } from './state';
import { nameOf } from './urn';
import { revealed, sameValue, UNKNOWN, isSecret, type Value, type ValueMap } from './values';

/** The planned action for one registered resource. */
export interface Plan {
  readonly operation: 'create' | 'same' | 'update' | 'replace';
  readonly goal: Goal;
  readonly urn: string;
  readonly old?: ResourceState;
  /** The program's inputs, as the provider's check returned them. */
  readonly inputs: ValueMap;
  readonly deleteBeforeReplace: boolean;
}

/** The facts that a plan depends on. */
export interface PlanRequest {
  readonly goal: Goal;
  readonly urn: string;
  readonly old: ResourceState | undefined;
  /** Components have none. */
  readonly provider: ResourceProvider | undefined;
  /** The URNs of the resources that this run replaces. */
  readonly replaced: ReadonlySet<string>;
}

/** Inputs that the provider refuses, with one sentence for each reason. */
export class InvalidResource extends Error {
  override readonly name = 'InvalidResource';

  constructor(readonly reasons: readonly string[]) {
    super(reasons.join('\n'));
  }
}

/** Checks and compares one resource, in the order of the engine's step generator. */
export async function planStep(request: PlanRequest): Promise<Plan> {
  const { goal, urn, old, provider } = request;
  const plan = { goal, urn, deleteBeforeReplace: false, ...(old === undefined ? {} : { old }) };
  if (old === undefined || old.external) {
    const inputs = await checkInputs(request, {}, goal.inputs);
    return { ...plan, operation: 'create', inputs };
  }
  const given = ignoreChanges(goal.inputs, old.inputs, goal.ignoreChanges);
  const inputs = await checkInputs(request, old.inputs, given);
  if (provider === undefined) {
    return { ...plan, operation: sameValue(old.inputs, inputs) ? 'same' : 'update', inputs };
  }
  const diff = await compare(request, old, provider, inputs);
  if ((diff.changes === 'some' && diff.replaces.length > 0) || old.pendingReplacement) {
    if (goal.protect && old.protect) {
      throw new Error(
        `unable to replace resource "${urn}" as it is currently marked for protection`,
      );
    }
    return {
      ...plan,
      operation: 'replace',
      // A replacement does not inherit defaults from its predecessor.
      inputs: await checkInputs(request, {}, goal.inputs),
      deleteBeforeReplace: goal.deleteBeforeReplace ?? diff.deleteBeforeReplace,
    };
  }
  const changed = diff.changes === 'some' || old.initErrors.length > 0;
  return { ...plan, operation: changed ? 'update' : 'same', inputs };
}

/**
 * Lets the provider check inputs.
 *
 * @throws {@link InvalidResource} when it refuses them
 */
export async function checkInputs(
  { goal, urn, provider }: Pick<PlanRequest, 'goal' | 'urn' | 'provider'>,
  olds: ValueMap,
  news: ValueMap,
): Promise<ValueMap> {
  if (provider === undefined) return news;
  const { inputs, failures } = await provider.check({ urn, olds, news });
  if (failures.length === 0) return inputs;
  const subject = `${goal.type} resource '${nameOf(urn)}'`;
  throw new InvalidResource(
    failures.map(({ property, reason }) =>
      property === ''
        ? `${subject} has a problem: ${reason}`
        : `${subject}: property ${property} value ${printed(inputs[property])} has a problem: ${reason}`,
    ),
  );
}

// Pulumi prints the value of a refused property, even if it is secret. If this engine hid the value, the
// tests of a provider could not notice that leak.
function printed(value: Value = null): string {
  const text = JSON.stringify(revealed(value));
  return isSecret(value) ? `&{{${text}}}` : `{${text}}`;
}

async function compare(
  { goal, urn, replaced }: PlanRequest,
  old: ResourceState,
  provider: ResourceProvider,
  news: ValueMap,
): Promise<DiffResult> {
  if (replaced.has(goal.deletedWith)) {
    return { changes: 'some', replaces: ['deletedWith'], deleteBeforeReplace: false };
  }
  const answer = await provider.diff({
    urn,
    id: old.id,
    oldInputs: old.inputs,
    oldOutputs: old.outputs,
    news,
    ignoreChanges: goal.ignoreChanges,
  });
  const replacesInitErrors = old.initErrors.length > 0 && goal.replaceOnChanges.includes('*');
  if (replacesInitErrors) return { ...answer, changes: 'some', replaces: ['#initerror'] };
  if (answer.changes !== 'unknown') return answer;
  const changedKeys = differingKeys(
    old.inputs,
    ignoreChanges(news, old.inputs, goal.ignoreChanges),
  );
  const replaces = changedKeys.filter((key) =>
    goal.replaceOnChanges.some((path) => startsAt(path, key)),
  );
  return {
    ...answer,
    changes: changedKeys.length > 0 ? 'some' : 'none',
    replaces: [...answer.replaces, ...replaces],
  };
}

function differingKeys(left: ValueMap, right: ValueMap): string[] {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => !sameValue(left[key] ?? UNKNOWN, right[key] ?? UNKNOWN));
}

/** Returns the reasons of a failure for the user: those of the provider, or the error's message. */
export function reasonsOf(error: unknown, { type, name }: Goal): readonly string[] {
  if (error instanceof InvalidResource) return error.reasons;
  return [`${type} ${name}: ${error instanceof Error ? error.message : String(error)}`];
}
