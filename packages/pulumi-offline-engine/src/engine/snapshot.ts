import { isDeepStrictEqual } from 'node:util';

import { StateFile, type PendingOperation, type ResourceState } from './state';
import { STACK_TYPE } from './urn';

/**
 * The state of a stack during one run: the resources that the run has settled, in order, and then the
 * remaining ones of earlier runs. Every change is on disk when the method returns, except in a preview,
 * which writes nothing. As in Pulumi, unchanged resources cause no write.
 */
export class Snapshot {
  readonly #file: StateFile;
  readonly #preview: boolean;
  readonly #settled: ResourceState[] = [];
  readonly #pending = new Set<PendingOperation>();
  readonly interrupted: readonly PendingOperation[];
  #previous: ResourceState[];
  /** Whether the file lists calls that have ended. */
  #outdated: boolean;

  private constructor(file: StateFile, preview: boolean) {
    this.#file = file;
    this.#preview = preview;
    this.#previous = file.resources;
    this.interrupted = file.interrupted;
    this.#outdated = file.interrupted.length > 0;
  }

  /** Opens the state file of a stack for one run. */
  static open(path: string, passphrase: string | undefined, preview: boolean): Snapshot {
    return new Snapshot(new StateFile(path, passphrase ?? 'offline'), preview);
  }

  /** All resources, each after those that it depends on. */
  get resources(): readonly ResourceState[] {
    return [...this.#settled, ...this.#previous];
  }

  /** The resource that represents the stack itself. */
  get stack(): ResourceState | undefined {
    return this.resources.find(({ type }) => type === STACK_TYPE);
  }

  /** The resources of earlier runs that this one has not settled. */
  get previous(): readonly ResourceState[] {
    return this.#previous;
  }

  /** Returns the recorded resource with the first of these URNs that is in use. */
  findPrevious(urns: readonly string[]): ResourceState | undefined {
    for (const urn of urns) {
      const found = this.#previous.find((resource) => resource.urn === urn && !resource.delete);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Returns the resource that this run has settled under a URN. */
  findSettled(urn: string): ResourceState | undefined {
    return this.#settled.find((resource) => resource.urn === urn);
  }

  /** Records a resource, which replaces its old record. */
  settle(next: ResourceState, old?: ResourceState): void {
    this.#previous = this.#previous.filter((resource) => resource !== old);
    this.#settled.push(next);
    if (this.#outdated || !isDeepStrictEqual(next, old)) this.save();
  }

  /** Drops the record of a resource, and references of other resources to it. */
  drop(gone: ResourceState): void {
    this.#previous = this.#previous.filter((resource) => resource !== gone);
    const stillThere = this.resources.some(({ urn }) => urn === gone.urn);
    for (const resource of stillThere ? [] : this.resources) {
      resource.dependencies = resource.dependencies.filter((urn) => urn !== gone.urn);
    }
    this.save();
  }

  /** Records a provider call while it runs. If this process is killed, the record remains. */
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
      // The caller saves the result at once, and this change with it.
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
