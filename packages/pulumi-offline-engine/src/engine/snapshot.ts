import { isDeepStrictEqual } from 'node:util';

import type { PendingOperation, ResourceState, StateFile } from './state';

/**
 * The state of a stack during one run: what the run has settled, in that order, and then what is left of
 * before. Every change is on disk when the method returns, except in a preview, which writes nothing. What
 * did not change is not written, as Pulumi does not.
 */
export class Snapshot {
  readonly #file: StateFile;
  readonly #preview: boolean;
  readonly #settled: ResourceState[] = [];
  readonly #pending = new Set<PendingOperation>();
  readonly interrupted: readonly PendingOperation[];
  #previous: ResourceState[];
  /** Whether the file names operations that have ended. */
  #outdated: boolean;

  constructor(file: StateFile, preview: boolean) {
    this.#file = file;
    this.#preview = preview;
    this.#previous = file.resources;
    this.interrupted = file.interrupted;
    this.#outdated = file.interrupted.length > 0;
  }

  /** All resources, each after what it depends on. */
  get resources(): readonly ResourceState[] {
    return [...this.#settled, ...this.#previous];
  }

  /** What earlier runs left and this one has not settled. */
  get previous(): readonly ResourceState[] {
    return this.#previous;
  }

  /** The recorded resource with the first of these URNs that is in use. */
  findPrevious(urns: readonly string[]): ResourceState | undefined {
    for (const urn of urns) {
      const found = this.#previous.find((resource) => resource.urn === urn && !resource.delete);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The resource that this run has settled under a URN. */
  findSettled(urn: string): ResourceState | undefined {
    return this.#settled.find((resource) => resource.urn === urn);
  }

  /** Records a resource in the place of what it was before. */
  settle(next: ResourceState, old?: ResourceState): void {
    this.#previous = this.#previous.filter((resource) => resource !== old);
    this.#settled.push(next);
    if (this.#outdated || !isDeepStrictEqual(next, old)) this.save();
  }

  /** Forgets a resource, also where others name it. */
  drop(gone: ResourceState): void {
    this.#previous = this.#previous.filter((resource) => resource !== gone);
    const stillThere = this.resources.some(({ urn }) => urn === gone.urn);
    for (const resource of stillThere ? [] : this.resources) {
      resource.dependencies = resource.dependencies.filter((urn) => urn !== gone.urn);
    }
    this.save();
  }

  /** Runs a provider call with a record of it, which stays behind if this process is killed. */
  async during<Result>(
    operation: PendingOperation['operation'],
    urn: string,
    call: () => Promise<Result>,
  ): Promise<Result> {
    const pending = { operation, urn };
    this.#pending.add(pending);
    this.save();
    try {
      const result = await call();
      // The caller writes the result at once, and this with it.
      this.#pending.delete(pending);
      this.#outdated = true;
      return result;
    } catch (error) {
      this.#pending.delete(pending);
      this.save();
      throw error;
    }
  }

  /** Writes the state after a change to a resource in place. */
  save(): void {
    if (this.#preview) return;
    this.#file.save(this.resources, [...this.#pending]);
    this.#outdated = false;
  }
}
