import type { RunContext } from './run-context';
import { markSecretOutputs } from './secrets';
import type { ResourceState } from './state';
import { isProviderType } from './urn';
import { sameValue } from './values';

/** Reads every resource that has a provider, and records the result. */
export async function refreshResources(context: RunContext): Promise<void> {
  const refreshable = context.snapshot.resources.filter(
    ({ custom, type, pendingReplacement }) =>
      custom && !isProviderType(type) && !pendingReplacement,
  );
  await Promise.all(
    refreshable.map((resource) =>
      context.calls.run(async () => {
        try {
          await refreshResource(resource, context);
        } catch (error) {
          const { type, urn } = resource;
          context.log.failedStep('refresh', { type, urn }, [(error as Error).message]);
        }
      }),
    ),
  );
}

async function refreshResource(
  resource: ResourceState,
  { snapshot, providers, log }: RunContext,
): Promise<void> {
  const { urn, id, inputs: oldInputs, outputs: oldOutputs } = resource;
  const provider = await providers.get(resource.provider);
  const found = await provider.read({ urn, id, inputs: oldInputs, outputs: oldOutputs });
  if (found.id === '') {
    snapshot.drop(resource);
    log.step('delete', resource);
    return;
  }
  const inputs = found.inputs ?? oldInputs;
  const outputs = markSecretOutputs(found.outputs, inputs, resource.additionalSecretOutputs);
  if (!resource.external) {
    // Pulumi's engine asks for this difference to show it, so a diff that throws makes a refresh fail.
    await provider.diff({
      urn,
      id: found.id,
      oldInputs: inputs,
      oldOutputs: outputs,
      news: oldInputs,
      ignoreChanges: resource.ignoreChanges,
    });
  }
  const unchanged =
    found.id === id && sameValue(inputs, oldInputs) && sameValue(outputs, oldOutputs);
  resource.id = found.id;
  resource.inputs = inputs;
  resource.outputs = outputs;
  resource.initErrors = [];
  snapshot.save();
  log.step(unchanged ? 'same' : 'refresh', resource);
}
