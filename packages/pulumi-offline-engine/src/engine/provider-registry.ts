import { randomUUID } from 'node:crypto';

import type { ProviderClient } from './provider-client';
import type { DiffResult, ResourceProvider } from './resource-provider';
import { DYNAMIC_PACKAGE, isProviderType, nameOf, packageOf } from './urn';
import { containsUnknown, sameValue, type ValueMap } from './values';

interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly inputs: ValueMap;
  connection?: Promise<ProviderClient>;
}

/** The parts of a resource that the registry needs. */
export interface ProviderResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: ValueMap;
}

/** Returns the reference by which a resource names its provider. */
export function providerReference(provider: { readonly urn: string; readonly id: string }): string {
  return `${provider.urn}::${provider.id}`;
}

/**
 * Replaces a provider whose configuration a preview does not know. As in Pulumi's engine, it does not check
 * inputs, and differences come from a comparison of inputs.
 */
const UNCONFIGURED: ResourceProvider = {
  check: ({ news }) => Promise.resolve({ inputs: news, failures: [] }),
  diff: () => Promise.resolve({ changes: 'unknown', replaces: [], deleteBeforeReplace: false }),
  create: ({ inputs }) => Promise.resolve({ id: '', outputs: inputs }),
  read: ({ id, inputs, outputs }) => Promise.resolve({ id, inputs, outputs }),
  update: ({ news }) => Promise.resolve({ outputs: news }),
  delete: () => Promise.resolve(),
  invoke: () => Promise.resolve({ result: {}, failures: [] }),
};

/**
 * The provider of provider resources. It starts one process for each of them, when a resource first needs
 * it. It answers check and diff itself, as Pulumi's engine does for plugins without CheckConfig.
 */
export class ProviderRegistry implements ResourceProvider {
  readonly #registered = new Map<string, Registered>();
  readonly #prepared = new Map<string, Promise<ProviderClient>>();
  readonly #start: (pkg: string) => Promise<ProviderClient>;

  constructor(start: (pkg: string) => Promise<ProviderClient>) {
    this.#start = start;
  }

  /** Starts the process of dynamic providers, which their first provider resource takes over. */
  prepareDynamic(): void {
    const started = this.#start(DYNAMIC_PACKAGE);
    // A failure to start is reported to the provider resource that takes the process over.
    started.catch(() => undefined);
    this.#prepared.set(DYNAMIC_PACKAGE, started);
  }

  /** Remembers a resource if it is a provider; later inputs replace earlier ones. */
  register({ urn, type, id, inputs }: ProviderResource): void {
    if (!isProviderType(type)) return;
    this.#registered.set(providerReference({ urn, id }), { urn, type, inputs });
  }

  /** Returns the configured provider that a resource names. */
  async get(reference: string): Promise<ResourceProvider> {
    const registered = this.#registered.get(reference);
    if (registered === undefined) throw new Error(`unknown provider '${reference}'`);
    if (containsUnknown(registered.inputs)) return UNCONFIGURED;
    registered.connection ??= this.#connect(registered);
    return registered.connection;
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    const connections = [
      ...[...this.#registered.values()].map(({ connection }) => connection),
      ...this.#prepared.values(),
    ];
    this.#registered.clear();
    this.#prepared.clear();
    await Promise.allSettled(connections.map(async (connection) => (await connection)?.stop()));
  }

  check({ news }: Parameters<ResourceProvider['check']>[0]) {
    return Promise.resolve({ inputs: news, failures: [] });
  }

  diff({ oldInputs, news }: Parameters<ResourceProvider['diff']>[0]): Promise<DiffResult> {
    const changes = sameValue(oldInputs, news) ? 'none' : 'some';
    return Promise.resolve({ changes, replaces: [], deleteBeforeReplace: false });
  }

  create({ inputs }: Parameters<ResourceProvider['create']>[0]) {
    return Promise.resolve({ id: randomUUID(), outputs: inputs });
  }

  update({ news }: Parameters<ResourceProvider['update']>[0]) {
    return Promise.resolve({ outputs: news });
  }

  read({ id, inputs, outputs }: Parameters<ResourceProvider['read']>[0]) {
    return Promise.resolve({ id, inputs, outputs });
  }

  delete() {
    return Promise.resolve();
  }

  invoke({ token }: Parameters<ResourceProvider['invoke']>[0]) {
    return Promise.reject(new Error(`no provider has the function ${token}`));
  }

  async #connect({ urn, type, inputs }: Registered): Promise<ProviderClient> {
    const pkg = packageOf(type);
    const prepared = this.#prepared.get(pkg);
    this.#prepared.delete(pkg);
    const client = await (prepared ?? this.#start(pkg));
    try {
      await client.configure(nameOf(urn), type, inputs);
      return client;
    } catch (error) {
      await client.stop();
      throw error;
    }
  }
}
