import type { ApplyContext } from './apply';
import { isDefaultProvider } from './goal';
import type { RunLog } from './run-log';
import type { ResourceState } from './state';

/** What deletions are carried out with. */
export interface DeletionContext extends ApplyContext {
  readonly log: RunLog;
  /** Runs provider calls side by side, up to a limit. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  /** URNs whose replaced predecessor is deleted as part of a replacement that was reported. */
  readonly replaced: ReadonlySet<string>;
}

class ProtectedResource extends Error {
  override readonly name = 'ProtectedResource';
}

/**
 * Deletes resources, those first that nothing else depends on. What is protected stays, and with it all
 * that it depends on; any other failure ends the deletions.
 */
export async function deleteResources(
  condemned: readonly ResourceState[],
  context: DeletionContext,
): Promise<void> {
  const kept = new Set<ResourceState>();
  const condemnedUrns = new Set(condemned.map(({ urn }) => urn));
  const failures: unknown[] = [];
  for (const generation of inDeletionOrder(condemned)) {
    if (failures.length > 0) return;
    const ready = generation.filter(
      (resource) => ![...kept].some((other) => dependsOn(other, resource)),
    );
    for (const resource of generation) if (!ready.includes(resource)) kept.add(resource);
    await Promise.all(
      ready.map((resource) =>
        context.run(async () => {
          try {
            await deleteResource(resource, condemnedUrns, context);
          } catch (error) {
            kept.add(resource);
            if (!(error instanceof ProtectedResource)) failures.push(error);
            context.log.failedStep('delete', resource, [(error as Error).message]);
          }
        }),
      ),
    );
  }
}

/** Calls the provider to delete a resource, unless it is a preview or an option says otherwise. */
export async function deleteThroughProvider(
  resource: ResourceState,
  { snapshot, providers, preview }: ApplyContext,
): Promise<void> {
  if (preview || resource.retainOnDelete || resource.provider === '') return;
  const { urn, id, inputs, outputs } = resource;
  const provider = await providers.get(resource.provider);
  await snapshot.during('deleting', urn, () => provider.delete({ urn, id, inputs, outputs }));
}

async function deleteResource(
  resource: ResourceState,
  condemned: ReadonlySet<string>,
  context: DeletionContext,
): Promise<void> {
  const { snapshot, log } = context;
  if (resource.external || resource.pendingReplacement) {
    snapshot.drop(resource);
    log.step('discard', resource);
    return;
  }
  if (resource.protect && !resource.delete) {
    throw new ProtectedResource(
      `resource "${resource.urn}" cannot be deleted because it is protected`,
    );
  }
  if (!condemned.has(resource.deletedWith)) await deleteThroughProvider(resource, context);
  snapshot.drop(resource);
  if (resource.delete && context.replaced.has(resource.urn)) {
    log.line(`deleted what was replaced: ${resource.type} ${resource.id}`);
  } else if (!isDefaultProvider(resource)) {
    log.step('delete', resource);
  }
}

function inDeletionOrder(condemned: readonly ResourceState[]): ResourceState[][] {
  const generations: ResourceState[][] = [];
  let remaining = [...condemned];
  while (remaining.length > 0) {
    const free = remaining.filter(
      (resource) => !remaining.some((other) => dependsOn(other, resource)),
    );
    // A replaced resource may depend on what now depends on its replacement; then the order is free.
    const generation = free.length > 0 ? free : remaining;
    generations.push(generation);
    remaining = remaining.filter((resource) => !generation.includes(resource));
  }
  return generations;
}

function dependsOn(dependent: ResourceState, resource: ResourceState): boolean {
  return (
    dependent !== resource &&
    (dependent.dependencies.includes(resource.urn) ||
      dependent.parent === resource.urn ||
      dependent.deletedWith === resource.urn ||
      dependent.provider === `${resource.urn}::${resource.id}`)
  );
}
