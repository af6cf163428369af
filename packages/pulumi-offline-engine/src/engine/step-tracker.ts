import type { Operation } from './contract';
import type { Goal } from './goal';
import { reasonsOf } from './plan';
import type { RunContext } from './run-context';
import type { ResourceState } from './state';
import { makeUrn } from './urn';

/** The answer to a program whose run has failed: it is to end without a further message. */
export class DeploymentEnded extends Error {
  override readonly name = 'DeploymentEnded';
}

/** Follows the steps of a run, and ends the run at the first one that fails. */
export class StepTracker {
  /** Settles when a step fails, which ends the run. */
  readonly failed: Promise<void>;
  readonly #context: RunContext;
  readonly #seen = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();
  #over = false;
  #fail: () => void = () => undefined;

  constructor(context: RunContext) {
    this.#context = context;
    this.failed = new Promise((resolve) => (this.#fail = resolve));
  }

  /** @throws {@link DeploymentEnded} when a step has failed */
  assertGoesOn(): void {
    if (this.#over) throw new DeploymentEnded();
  }

  /** Runs the step of one registered resource, and reports its failure. */
  async track(
    operation: Operation,
    goal: Goal,
    step: (urn: string, old: ResourceState | undefined) => Promise<ResourceState>,
  ): Promise<ResourceState> {
    const { stackName, projectName, snapshot, log } = this.#context;
    this.assertGoesOn();
    const urn = makeUrn(stackName, projectName, goal.parent, goal.type, goal.name);
    const old = snapshot.findPrevious([urn, ...goal.aliases]);
    const running = Promise.resolve().then(() => {
      if (this.#seen.has(urn)) {
        throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
      }
      this.#seen.add(urn);
      return step(urn, old);
    });
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      if (!(error instanceof DeploymentEnded)) {
        const attempted = old === undefined || operation === 'read' ? operation : 'update';
        log.failedStep(attempted, { urn, type: goal.type }, reasonsOf(error, goal));
        this.#over = true;
        this.#fail();
      }
      throw new DeploymentEnded();
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits for the steps that have begun. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
  }
}
