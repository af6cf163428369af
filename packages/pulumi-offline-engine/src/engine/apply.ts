import { initialState } from './goal';
import type { Plan } from './plan';
import { PartialFailure, type ResourceProvider } from './resource-provider';
import type { RunContext } from './run-context';
import { markSecretOutputs } from './secrets';
import type { ResourceState } from './state';

/** Carries out one plan and records its result, also that of a partial failure. */
export async function applyPlan(
  plan: Plan,
  provider: ResourceProvider | undefined,
  context: RunContext,
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
    // An unchanged resource keeps its outputs, even if the provider would now return others.
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
  { snapshot }: RunContext,
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
  { snapshot, preview }: RunContext,
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
  { snapshot, preview }: RunContext,
): Promise<Outcome> {
  // A component keeps its earlier outputs until it registers new ones.
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
  context: RunContext,
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

/** Calls the provider to delete a resource, unless it is a preview or an option says otherwise. */
export async function deleteThroughProvider(
  resource: ResourceState,
  { snapshot, providers, preview }: RunContext,
): Promise<void> {
  if (preview || resource.retainOnDelete || resource.provider === '') return;
  const { urn, id, inputs, outputs } = resource;
  const provider = await providers.get(resource.provider);
  await snapshot.during('deleting', urn, () => provider.delete({ urn, id, inputs, outputs }));
}
