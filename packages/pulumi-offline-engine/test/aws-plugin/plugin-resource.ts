import { loadSdk } from '../../src/engine/sdk';
import { startPlugin } from '../../src/engine/plugins';
import type { ProviderClient } from '../../src/engine/provider-client';
import { readProject } from '../../src/engine/project';
import type { ValueMap } from '../../src/engine/values';
import type { KMSClient } from '@aws-sdk/client-kms';
import { startKms, type EmbeddedKms, type KmsOptions } from 'embedded-kms';
import { clientOf } from '../../../embedded-kms/test/support/kms-key';
import { AWS_ENVIRONMENT, AwsProgram, configFor, REGION } from '../support/aws-program';

/** Starts the plugin as an engine does. */
export function start(project: AwsProgram): Promise<ProviderClient> {
  return startPlugin('aws', {
    sdk: loadSdk(project.programFolder),
    project: readProject(project.programFolder),
    engineAddress: '127.0.0.1:1',
    env: { ...process.env, ...AWS_ENVIRONMENT },
    onLine: (line) => {
      throw new Error(`the plugin printed: ${line}`);
    },
    onProvider: () => undefined,
  });
}

/** A KMS, and the plugin with the configuration of a stack that calls it. */
export interface PluginWorld {
  readonly kms: EmbeddedKms;
  readonly client: KMSClient;
  readonly project: AwsProgram;
  readonly plugin: ProviderClient;
  close(): Promise<void>;
}

export async function startPluginWorld(options?: KmsOptions): Promise<PluginWorld> {
  const kms = await startKms(options);
  const client = clientOf(kms);
  const project = new AwsProgram(kms);
  const plugin = await start(project);
  const endpoints = configFor(kms)['aws:endpoints']!;
  await plugin.configure('p', 'pulumi:providers:aws', { region: REGION, endpoints });
  return {
    kms,
    client,
    project,
    plugin,
    async close() {
      await plugin.stop();
      project.remove();
      client.destroy();
      await kms.close();
    },
  };
}

/** The life of one resource, over the plugin's protocol in the engine's order. */
export class PluginResource {
  readonly #client: ProviderClient;
  readonly #urn: string;
  id = '';
  inputs: ValueMap = {};
  outputs: ValueMap = {};

  constructor(client: ProviderClient, type: string, name = 'x') {
    this.#client = client;
    this.#urn = `urn:pulumi:dev::life::${type}::${name}`;
  }

  /** The result of an update; the reasons of a refusal are thrown. */
  async up(
    given: ValueMap,
    ignoreChanges: readonly string[] = [],
  ): Promise<'create' | 'same' | 'update' | 'replace'> {
    const news = { ...given };
    // The engine replaces ignored inputs by the previous ones.
    for (const name of ignoreChanges) {
      const old = this.inputs[name];
      if (this.id !== '' && old === undefined) Reflect.deleteProperty(news, name);
      else if (old !== undefined) Object.assign(news, { [name]: old });
    }
    const urn = this.#urn;
    const { inputs, failures } = await this.#client.check({ urn, olds: this.inputs, news });
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join());
    if (this.id === '') return this.#create(inputs, 'create');
    const { id, inputs: oldInputs, outputs: oldOutputs } = this;
    const request = { urn, id, oldInputs, oldOutputs, news: inputs, ignoreChanges };
    const { changes, replaces } = await this.#client.diff(request);
    if (changes === 'none') return 'same';
    if (replaces.length > 0) {
      await this.#create(inputs, 'replace');
      await this.#client.delete({ urn, id, inputs: oldInputs, outputs: oldOutputs });
      return 'replace';
    }
    this.outputs = (await this.#client.update({ ...request, preview: false })).outputs;
    this.inputs = inputs;
    return 'update';
  }

  /** The outputs that a preview of a create knows. */
  async preview(inputs: ValueMap): Promise<ValueMap> {
    return (await this.#client.create({ urn: this.#urn, inputs, preview: true })).outputs;
  }

  /** Whether it is still there. */
  async refresh(): Promise<boolean> {
    const { id, inputs, outputs } = this;
    const found = await this.#client.read({ urn: this.#urn, id, inputs, outputs });
    this.id = found.id;
    this.outputs = found.outputs;
    this.inputs = found.inputs ?? inputs;
    return found.id !== '';
  }

  async destroy(): Promise<void> {
    const { id, inputs, outputs } = this;
    await this.#client.delete({ urn: this.#urn, id, inputs, outputs });
  }

  async #create<Outcome>(inputs: ValueMap, outcome: Outcome): Promise<Outcome> {
    const { id, outputs } = await this.#client.create({
      urn: this.#urn,
      inputs,
      preview: false,
    });
    Object.assign(this, { id, outputs, inputs });
    return outcome;
  }
}
