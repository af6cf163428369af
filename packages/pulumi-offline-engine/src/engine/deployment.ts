import { applyPlan } from './apply';
import { providerConfig, type ConfigEntry } from './config';
import type { Operation } from './contract';
import { deleteResources, type DeletionContext } from './deletion';
import { Gate } from './gate';
import { defaultProviderGoal, initialState, isDefaultProvider, type Goal } from './goal';
import { importResource } from './import';
import { InvalidResource, planStep } from './plan';
import { providerReference, type ProviderRegistry } from './provider-registry';
import { refreshResources } from './refresh';
import type { ResourceProvider } from './resource-provider';
import type { RunLog } from './run-log';
import { markSecretOutputs } from './secrets';
import type { Snapshot } from './snapshot';
import type { ResourceState } from './state';
import { isProviderType, makeUrn, packageOf, STACK_TYPE } from './urn';
import { shown, UNKNOWN, type ValueMap } from './values';

/** Everything one run works with. */
export interface DeploymentParts {
  readonly stackName: string;
  readonly projectName: string;
  readonly config: readonly ConfigEntry[];
  readonly preview: boolean;
  /** Provider calls at the same time. */
  readonly parallel: number;
  readonly snapshot: Snapshot;
  readonly providers: ProviderRegistry;
  readonly log: RunLog;
}

/** What is answered to a program whose run has failed: it is to end without a further message. */
export class DeploymentEnded extends Error {
  override readonly name = 'DeploymentEnded';
}

/** One run: turns what a program registers into steps, and deletes what it no longer registers. */
export class Deployment {
  /** Settles when something fails, which ends the run. */
  readonly failed: Promise<void>;
  readonly #parts: DeploymentParts;
  readonly #planning = new Gate(1);
  readonly #working: Gate;
  readonly #seen = new Set<string>();
  readonly #replaced = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #defaultProviders = new Map<string, Promise<string>>();
  #stackOutputs: ValueMap | undefined;
  #over = false;
  #fail: () => void = () => undefined;

  constructor(parts: DeploymentParts) {
    this.#parts = parts;
    this.#working = new Gate(parts.parallel);
    this.failed = new Promise((resolve) => (this.#fail = resolve));
    for (const { operation, urn } of parts.snapshot.interrupted) {
      parts.log.diagnostic(
        `warning: an earlier run was interrupted while ${operation} ${urn}; the record of that is dropped`,
      );
    }
    for (const resource of parts.snapshot.resources) {
      if (isProviderType(resource.type)) parts.providers.register(resource);
    }
  }

  /** Checks and compares a resource after those that came before it, and then brings it about. */
  async register(goal: Goal): Promise<ResourceState> {
    return this.#track('create', goal, async (urn, old) => {
      const placed = await this.#withProvider(goal);
      if (goal.existingId !== '' && old?.id !== goal.existingId) return this.#import(placed, urn);
      const { provider, plan } = await this.#planning.run(async () => {
        this.#needsToGoOn();
        const found = await this.#providerFor(placed);
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
      const state = await this.#working.run(() => {
        this.#needsToGoOn();
        return applyPlan(plan, provider, this.#parts);
      });
      if (isProviderType(state.type)) this.#parts.providers.register(state);
      if (!isDefaultProvider(state)) this.#parts.log.step(plan.operation, state);
      return state;
    });
  }

  /** Reads a resource that something else owns. */
  async read(goal: Goal): Promise<ResourceState> {
    return this.#track('read', goal, async (urn, old) => {
      const placed = await this.#withProvider(goal);
      const { inputs, existingId: id } = placed;
      const state = { ...initialState(placed, urn, inputs), id, external: true };
      if (id !== UNKNOWN) {
        const provider = await this.#parts.providers.get(placed.provider);
        const found = await this.#working.run(() =>
          provider.read({ urn, id, inputs, outputs: inputs }),
        );
        if (found.id === '') throw new Error(`resource '${id}' does not exist`);
        state.id = found.id;
        state.outputs = markSecretOutputs(found.outputs, inputs, state.additionalSecretOutputs);
      }
      this.#parts.snapshot.settle(state, old);
      this.#parts.log.step('read', state);
      return state;
    });
  }

  /** Runs a function of a package, through the provider that a program names or the default one. */
  async invoke(token: string, reference: string, args: ValueMap): Promise<ValueMap> {
    const named = reference === '' ? await this.#defaultProvider(token) : reference;
    const provider = await this.#parts.providers.get(named);
    const { result, failures } = await provider.invoke({ token, args });
    if (failures.length === 0) return result;
    throw new Error(`${token}: ${failures.map(({ reason }) => reason).join('; ')}`);
  }

  /** Records what a component, or at the end the stack, shows to the outside. */
  registerOutputs(urn: string, outputs: ValueMap): void {
    const resource = this.#parts.snapshot.findSettled(urn);
    if (resource?.type === STACK_TYPE) {
      this.#stackOutputs = outputs;
    } else if (resource !== undefined) {
      resource.outputs = outputs;
      this.#parts.snapshot.save();
    }
  }

  /** Waits for what was begun before the program ended. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
  }

  /** Deletes what earlier runs left and this one has not settled. */
  async deleteRest(): Promise<void> {
    await deleteResources(this.#parts.snapshot.previous, this.#deletionContext());
  }

  /** Brings the recorded state up to date with what the providers find. */
  async refresh(): Promise<void> {
    await refreshResources(this.#deletionContext());
  }

  /** Records the stack's outputs and returns them as a report shows them. */
  finish(): Record<string, unknown> {
    const { snapshot, log } = this.#parts;
    const stack = snapshot.resources.find(({ type }) => type === STACK_TYPE);
    if (stack !== undefined && this.#stackOutputs !== undefined) {
      // A failed program may not have come to an output; that does not mean that it is gone.
      stack.outputs = log.ok ? this.#stackOutputs : { ...stack.outputs, ...this.#stackOutputs };
    }
    snapshot.save();
    return shown(stack?.outputs ?? {}) as Record<string, unknown>;
  }

  async #import(goal: Goal, urn: string): Promise<ResourceState> {
    const provider = await this.#parts.providers.get(goal.provider);
    const state = await this.#working.run(() => {
      this.#needsToGoOn();
      return importResource(goal, urn, provider);
    });
    this.#parts.snapshot.settle(state);
    this.#parts.log.step('import', state);
    return state;
  }

  #deletionContext(): DeletionContext {
    return {
      ...this.#parts,
      replaced: this.#replaced,
      run: (task) => this.#working.run(task),
    };
  }

  async #track(
    operation: Operation,
    goal: Goal,
    task: (urn: string, old: ResourceState | undefined) => Promise<ResourceState>,
  ): Promise<ResourceState> {
    const { stackName, projectName, snapshot, log } = this.#parts;
    this.#needsToGoOn();
    const urn = makeUrn(stackName, projectName, goal.parent, goal.type, goal.name);
    const old = snapshot.findPrevious([urn, ...goal.aliases]);
    const running = Promise.resolve().then(() => {
      if (this.#seen.has(urn)) {
        throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
      }
      this.#seen.add(urn);
      return task(urn, old);
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

  #needsToGoOn(): void {
    if (this.#over) throw new DeploymentEnded();
  }

  async #withProvider(goal: Goal): Promise<Goal> {
    if (!goal.custom || goal.provider !== '' || isProviderType(goal.type)) return goal;
    return { ...goal, provider: await this.#defaultProvider(goal.type) };
  }

  #defaultProvider(type: string): Promise<string> {
    const pkg = packageOf(type);
    let reference = this.#defaultProviders.get(pkg);
    if (reference === undefined) {
      const inputs = providerConfig(pkg, this.#parts.config);
      reference = this.register(defaultProviderGoal(type, inputs)).then(providerReference);
      this.#defaultProviders.set(pkg, reference);
    }
    return reference;
  }

  async #providerFor(goal: Goal): Promise<ResourceProvider | undefined> {
    if (!goal.custom) return undefined;
    const { providers } = this.#parts;
    return isProviderType(goal.type) ? providers : providers.get(goal.provider);
  }
}

function reasonsOf(error: unknown, { type, name }: Goal): readonly string[] {
  if (error instanceof InvalidResource) return error.reasons;
  return [`${type} ${name}: ${error instanceof Error ? error.message : String(error)}`];
}
