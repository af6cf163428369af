import { deleteThroughProvider } from './deletion';
import { initialState } from './goal';
import type { Plan } from './plan';
import type { ProviderRegistry } from './provider-registry';
import { PartialFailure, type ResourceProvider } from './resource-provider';
import { markSecretOutputs } from './secrets';
import type { Snapshot } from './snapshot';
import type { ResourceState } from './state';

/** What a plan is carried out with. */
export interface ApplyContext {
  readonly snapshot: Snapshot;
  readonly providers: ProviderRegistry;
  readonly preview: boolean;
}

/** Carries out one plan and records its result, that of a partial failure as well. */
export async function applyPlan(
  plan: Plan,
  provider: ResourceProvider | undefined,
  context: ApplyContext,
): Promise<ResourceState> {
  const { old } = plan;
  const state = initialState(plan.goal, plan.urn, plan.inputs);
  if (old === undefined || plan.operation === 'create') {
    await complete(state, context, () => create(state, provider, context), old);
  } else if (plan.operation === 'replace') {
    await replace(plan, old, state, provider, context);
  } else if (plan.operation === 'update') {
    await complete(state, context, () => update(plan, old, state, provider, context), old);
  } else {
    // What did not change keeps its outputs, whatever the provider would return today.
    await complete(state, context, () => Promise.resolve(old), old);
  }
  return state;
}

interface Outcome {
  readonly id: string;
  readonly outputs: ResourceState['outputs'];
}

async function complete(
  state: ResourceState,
  { snapshot }: ApplyContext,
  call: () => Promise<Outcome>,
  old: ResourceState | undefined,
): Promise<void> {
  const settle = ({ id, outputs }: Outcome): void => {
    state.id = id;
    state.outputs = markSecretOutputs(outputs, state.inputs, state.additionalSecretOutputs);
    snapshot.settle(state, old);
  };
  try {
    settle(await call());
  } catch (error) {
    if (error instanceof PartialFailure) {
      state.initErrors = [...error.reasons];
      settle(error);
    }
    throw error;
  }
}

async function create(
  state: ResourceState,
  provider: ResourceProvider | undefined,
  { snapshot, preview }: ApplyContext,
): Promise<Outcome> {
  const { urn, inputs } = state;
  if (provider === undefined) return { id: '', outputs: {} };
  return snapshot.during('creating', urn, () => provider.create({ urn, inputs, preview }));
}

async function update(
  { goal, inputs, urn }: Plan,
  old: ResourceState,
  state: ResourceState,
  provider: ResourceProvider | undefined,
  { snapshot, preview }: ApplyContext,
): Promise<Outcome> {
  // Until it registers its outputs, a component keeps those that it had.
  if (provider === undefined) return old;
  state.id = old.id;
  const { outputs } = await snapshot.during('updating', urn, () =>
    provider.update({
      urn,
      id: old.id,
      oldInputs: old.inputs,
      oldOutputs: old.outputs,
      news: inputs,
      ignoreChanges: goal.ignoreChanges,
      preview,
    }),
  );
  return { id: old.id, outputs };
}

async function replace(
  plan: Plan,
  old: ResourceState,
  state: ResourceState,
  provider: ResourceProvider | undefined,
  context: ApplyContext,
): Promise<void> {
  const { snapshot } = context;
  if (plan.deleteBeforeReplace && !old.pendingReplacement) {
    await deleteThroughProvider(old, context);
    old.pendingReplacement = true;
    snapshot.save();
  }
  if (old.pendingReplacement) {
    await complete(state, context, () => create(state, provider, context), old);
    return;
  }
  await complete(
    state,
    context,
    async () => {
      try {
        const outcome = await create(state, provider, context);
        old.delete = true;
        return outcome;
      } catch (error) {
        old.delete = error instanceof PartialFailure;
        throw error;
      }
    },
    undefined,
  );
}
