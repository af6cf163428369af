import { applyPlan } from './apply';
import { deleteResources } from './deletion';
import { importResource, readResource } from './existing';
import { Gate } from './gate';
import { isDefaultProvider, type Goal } from './goal';
import { planStep } from './plan';
import { ProviderChoice } from './provider-choice';
import { refreshResources } from './refresh';
import type { RunContext } from './run-context';
import type { ResourceState } from './state';
import { StepTracker } from './step-tracker';
import { shownOutputs, type ValueMap } from './values';

/** One run: turns what a program registers into steps, and deletes what it no longer registers. */
export class Deployment {
  readonly #context: RunContext;
  readonly #tracker: StepTracker;
  readonly #providers: ProviderChoice;
  readonly #planning = new Gate(1);
  readonly #replaced = new Set<string>();
  #stackOutputs: ValueMap | undefined;

  constructor(context: RunContext) {
    this.#context = context;
    this.#tracker = new StepTracker(context);
    this.#providers = new ProviderChoice(context, (goal) => this.register(goal));
    const { snapshot, providers, log } = context;
    for (const { operation, urn } of snapshot.interrupted) {
      log.diagnostic(
        `warning: an earlier run was interrupted while ${operation} ${urn}; its record is dropped`,
      );
    }
    for (const resource of snapshot.resources) providers.register(resource);
  }

  /** Settles when something fails, which ends the run. */
  get failed(): Promise<void> {
    return this.#tracker.failed;
  }

  /** Plans a resource after those that were registered before it, and then brings it about. */
  async register(goal: Goal): Promise<ResourceState> {
    const { providers, calls, log } = this.#context;
    return this.#tracker.track('create', goal, async (urn, old) => {
      const placed = await this.#providers.place(goal);
      if (goal.existingId !== '' && old?.id !== goal.existingId)
        return this.#import(placed, urn, old);
      const { provider, plan } = await this.#planning.run(async () => {
        this.#tracker.assertGoesOn();
        const found = await this.#providers.of(placed);
        const made = await planStep({
          goal: placed,
          urn,
          old,
          provider: found,
          replaced: this.#replaced,
        });
        if (made.operation === 'replace') this.#replaced.add(urn);
        return { provider: found, plan: made };
      });
      const state = await calls.run(() => {
        this.#tracker.assertGoesOn();
        return applyPlan(plan, provider, this.#context);
      });
      providers.register(state);
      if (!isDefaultProvider(state)) log.step(plan.operation, state);
      return state;
    });
  }

  /** Reads a resource that something else owns. */
  async read(goal: Goal): Promise<ResourceState> {
    const { providers, calls, snapshot, log } = this.#context;
    return this.#tracker.track('read', goal, async (urn, old) => {
      const placed = await this.#providers.place(goal);
      const provider = await providers.get(placed.provider);
      const state = await calls.run(() => readResource(placed, urn, provider));
      snapshot.settle(state, old);
      log.step('read', state);
      return state;
    });
  }

  /** Runs a function of a package, through the provider that the program names or the default one. */
  async invoke(token: string, reference: string, args: ValueMap): Promise<ValueMap> {
    const provider = await this.#providers.forFunction(token, reference);
    const { result, failures } = await provider.invoke({ token, args });
    if (failures.length === 0) return result;
    throw new Error(`${token}: ${failures.map(({ reason }) => reason).join('; ')}`);
  }

  /** Records the outputs of a component, or those of the stack at the end of the program. */
  registerOutputs(urn: string, outputs: ValueMap): void {
    const { snapshot } = this.#context;
    const resource = snapshot.findSettled(urn);
    if (resource === undefined) return;
    if (resource === snapshot.stack) {
      this.#stackOutputs = outputs;
    } else {
      resource.outputs = outputs;
      snapshot.save();
    }
  }

  /** Waits for the steps that began before the program ended. */
  settled(): Promise<void> {
    return this.#tracker.settled();
  }

  /** Deletes the resources of earlier runs that this one has not settled. */
  async deleteRest(): Promise<void> {
    await deleteResources(this.#context.snapshot.previous, this.#replaced, this.#context);
  }

  /** Brings the recorded state up to date with what the providers find. */
  async refresh(): Promise<void> {
    await refreshResources(this.#context);
  }

  /** Records the stack's outputs and returns them as a report shows them. */
  finish(): Record<string, unknown> {
    const { snapshot, log } = this.#context;
    const { stack } = snapshot;
    if (stack !== undefined && this.#stackOutputs !== undefined) {
      // A program that failed may not have come to some outputs, which are not gone for that.
      stack.outputs = log.ok ? this.#stackOutputs : { ...stack.outputs, ...this.#stackOutputs };
    }
    snapshot.save();
    return shownOutputs(stack?.outputs ?? {});
  }

  async #import(goal: Goal, urn: string, old?: ResourceState): Promise<ResourceState> {
    const { providers, calls, snapshot, log } = this.#context;
    const provider = await providers.get(goal.provider);
    const state = await calls.run(() => {
      this.#tracker.assertGoesOn();
      return importResource(goal, urn, provider);
    });
    // The engine deletes what the import replaces, even if it is protected.
    if (old !== undefined) old.delete = true;
    snapshot.settle(state);
    log.step('import', state);
    return state;
  }
}
