import { providerConfig } from './config';
import { defaultProviderGoal, type Goal } from './goal';
import { providerReference } from './provider-registry';
import type { ResourceProvider } from './resource-provider';
import type { RunContext } from './run-context';
import type { ResourceState } from './state';
import { isProviderType, packageOf } from './urn';

/** Finds the provider of a resource: the one that the program names, or the default of its package. */
export class ProviderChoice {
  readonly #context: RunContext;
  readonly #register: (goal: Goal) => Promise<ResourceState>;
  readonly #defaults = new Map<string, Promise<string>>();

  /** @param register - brings about the resource of a default provider */
  constructor(context: RunContext, register: (goal: Goal) => Promise<ResourceState>) {
    this.#context = context;
    this.#register = register;
  }

  /** Returns the goal with its provider named, where it needs one. */
  async place(goal: Goal): Promise<Goal> {
    if (!goal.custom || goal.provider !== '' || isProviderType(goal.type)) return goal;
    return { ...goal, provider: await this.#default(goal.type) };
  }

  /** Returns the provider that serves a placed goal; components have none. */
  async of(goal: Goal): Promise<ResourceProvider | undefined> {
    if (!goal.custom) return undefined;
    const { providers } = this.#context;
    return isProviderType(goal.type) ? providers : providers.get(goal.provider);
  }

  /** Returns the provider of a function, by the reference in the program if there is one. */
  async forFunction(token: string, reference: string): Promise<ResourceProvider> {
    const named = reference === '' ? await this.#default(token) : reference;
    return this.#context.providers.get(named);
  }

  #default(type: string): Promise<string> {
    const pkg = packageOf(type);
    let reference = this.#defaults.get(pkg);
    if (reference === undefined) {
      const inputs = providerConfig(pkg, this.#context.config);
      reference = this.#register(defaultProviderGoal(type, inputs)).then(providerReference);
      this.#defaults.set(pkg, reference);
    }
    return reference;
  }
}
