import { deleteThroughProvider } from './apply';
import { isDefaultProvider } from './goal';
import type { RunContext } from './run-context';
import type { ResourceState } from './state';

class ProtectedResource extends Error {
  override readonly name = 'ProtectedResource';
}

/**
 * Deletes resources, beginning with those that nothing else depends on. A protected resource stays, and
 * so does everything that it depends on; any other failure ends the deletions.
 *
 * @param replaced - URNs of resources whose replacement this run has reported, which includes the
 * deletion of the predecessor
 */
export async function deleteResources(
  condemned: readonly ResourceState[],
  replaced: ReadonlySet<string>,
  context: RunContext,
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
        context.calls.run(async () => {
          try {
            await deleteResource(resource, condemnedUrns, replaced, context);
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

async function deleteResource(
  resource: ResourceState,
  condemned: ReadonlySet<string>,
  replaced: ReadonlySet<string>,
  context: RunContext,
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
  if (resource.delete && replaced.has(resource.urn)) {
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
    // A replaced resource may depend on a resource that depends on its replacement. Then any order will do.
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
