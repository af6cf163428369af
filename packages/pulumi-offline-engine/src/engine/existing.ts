import { initialState, type Goal } from './goal';
import { checkInputs } from './plan';
import { ignoreChanges } from './property-path';
import type { ResourceProvider } from './resource-provider';
import { markSecretOutputs } from './secrets';
import type { ResourceState } from './state';
import { UNKNOWN } from './values';

/**
 * Reads a resource that something else owns, as `get` of a resource class asks for it. In a preview its
 * ID may be unknown; then nothing is read.
 */
export async function readResource(
  goal: Goal,
  urn: string,
  provider: ResourceProvider,
): Promise<ResourceState> {
  const { inputs, existingId: id } = goal;
  const state = { ...initialState(goal, urn, inputs), id, external: true };
  if (id === UNKNOWN) return state;
  const found = await provider.read({ urn, id, inputs, outputs: inputs });
  if (found.id === '') throw new Error(`resource '${id}' does not exist`);
  const outputs = markSecretOutputs(found.outputs, inputs, state.additionalSecretOutputs);
  return { ...state, id: found.id, outputs };
}

/**
 * Takes over a resource that exists, for the option `import`: reads it, and refuses inputs of the program
 * that would change it.
 */
export async function importResource(
  goal: Goal,
  urn: string,
  provider: ResourceProvider,
): Promise<ResourceState> {
  const found = await provider.read({ urn, id: goal.existingId, inputs: {}, outputs: {} });
  if (found.id === '') throw new Error(`resource '${goal.existingId}' does not exist`);
  const oldInputs = found.inputs;
  if (oldInputs === undefined) {
    throw new Error(`provider does not support importing resources of the type ${goal.type}`);
  }
  const given = ignoreChanges(goal.inputs, oldInputs, goal.ignoreChanges);
  const inputs = await checkInputs({ goal, urn, provider }, oldInputs, given);
  const { changes } = await provider.diff({
    urn,
    id: found.id,
    oldInputs,
    oldOutputs: found.outputs,
    news: inputs,
    ignoreChanges: goal.ignoreChanges,
  });
  if (changes !== 'none') throw new Error('inputs to import do not match the existing resource');
  const state = initialState(goal, urn, inputs);
  state.id = found.id;
  state.outputs = markSecretOutputs(found.outputs, inputs, state.additionalSecretOutputs);
  return state;
}
