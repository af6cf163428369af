import type * as Pulumi from '@pulumi/pulumi';
import type { Alias } from '@pulumi/pulumi/proto/alias_pb';
import type { ConstructRequest, ConstructResponse } from '@pulumi/pulumi/proto/provider_pb';
import type { ImportedKeyArgs } from '../component/args';
import type { ImportedKey } from '../component/imported-key';
import { omitUndefined } from '../domain/omit-undefined';
import { UNKNOWN } from '../provider/protocol';
import { Constructions } from './constructions';
import type { EngineLog } from './engine-log';
import { type Deferred, plainArgs } from './plain-args';
import { protocol } from './pulumi-sdk';
import { toStruct } from './values';
import { loadWholeSdk, type WholeSdk } from './whole-sdk';

type OutputName = Exclude<keyof ImportedKey, keyof Pulumi.ComponentResource | 'key'>;

// Every output of the component but the key itself, which other languages do not have. Does not compile if one is
// missing.
const OUTPUTS = Object.keys({
  keyId: true,
  keyArn: true,
  keyArns: true,
  currentKeyMaterialId: true,
  earliestExpiry: true,
  rotationsRemaining: true,
} satisfies Readonly<Record<OutputName, true>>) as OutputName[];

type Sdk = typeof Pulumi;

/** Dependencies of a construction. */
export interface ConstructContext {
  /** `host:port` of the engine. */
  readonly engine: string;
  readonly log: EngineLog;
}

// One for the process, because the rejections that it watches for belong to the process.
const constructions = new Constructions();

/**
 * Registers the resources of an `ImportedKey`. Only this needs the whole SDK of Pulumi, which is loaded here.
 */
export function construct(
  request: ConstructRequest,
  context: ConstructContext,
): Promise<ConstructResponse> {
  const sdk = loadWholeSdk();
  return constructions.run(() =>
    sdk.state.withLocalStorage(() => constructIn(request, context, sdk)),
  );
}

async function constructIn(
  request: ConstructRequest,
  { engine, log }: ConstructContext,
  { pulumi, server, waits }: WholeSdk,
): Promise<ConstructResponse> {
  await configure({ pulumi, waits }, request, engine);
  const { ImportedKey: Component } = await import('../component/imported-key.js');
  const { registerNatively } = await import('../resources/form.js');
  registerNatively();

  const inputs = await server.deserializeInputs(
    request.getInputs(),
    request.getInputdependenciesMap(),
  );
  const found = await plainArgs(pulumi, inputs);
  const options = optionsOf(pulumi, request);
  const name = request.getName();
  const response = new protocol.provider.ConstructResponse();
  if ('unknown' in found) {
    log.warning(
      `${name}: ${found.unknown} is not known, so this preview does not show what happens to the key`,
    );
    const component = new pulumi.ComponentResource(request.getType(), name, {}, options);
    response.setUrn(await promised(pulumi, component.urn));
    response.setState(toStruct(Object.fromEntries(OUTPUTS.map((output) => [output, UNKNOWN]))));
  } else {
    const key = new Component(name, found.args as unknown as ImportedKeyArgs, options);
    const outputs = Object.fromEntries(OUTPUTS.map((output) => [output, key[output]]));
    response.setUrn(await promised(pulumi, key.urn));
    const [state, dependencies] = await pulumi.runtime.serializeResourceProperties(name, outputs);
    response.setState(protocol.struct.Struct.fromJavaScript(state as Record<string, never>));
    // With these dependencies, the engine deletes the users of the key before the key.
    for (const [output, resources] of dependencies) {
      const urns = await Promise.all([...resources].map(({ urn }) => promised(pulumi, urn)));
      response
        .getStatedependenciesMap()
        .set(
          output,
          new protocol.provider.ConstructResponse.PropertyDependencies().setUrnsList(urns),
        );
    }
  }
  await waits.waitForRPCs();
  return response;
}

async function configure(
  { pulumi, waits }: Pick<WholeSdk, 'pulumi' | 'waits'>,
  request: ConstructRequest,
  engine: string,
): Promise<void> {
  const { runtime } = pulumi;
  runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await waits.awaitFeatureSupport();
  const config = Object.fromEntries(request.getConfigMap().getEntryList());
  runtime.setAllConfig(config, request.getConfigsecretkeysList());
}

function promised<T>(pulumi: Sdk, output: Pulumi.Output<T>): Promise<T> {
  return (output as unknown as Deferred<T>).promise();
}

function optionsOf(pulumi: Sdk, request: ConstructRequest): Pulumi.ComponentResourceOptions {
  const dependency = (urn: string) => new pulumi.DependencyResource(urn);
  const timeouts = request.getCustomtimeouts()?.toObject();
  const providers = request
    .getProvidersMap()
    .getEntryList()
    .map(([name, reference]) => [name, new pulumi.DependencyProviderResource(reference)] as const);
  return {
    aliases: request.getAliasesList().map((alias) => aliasOf(pulumi, alias)),
    dependsOn: request.getDependenciesList().map(dependency),
    providers: Object.fromEntries(providers),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ...omitUndefined({
      parent: request.getParent() === '' ? undefined : dependency(request.getParent()),
      // An option that is absent arrives as false.
      protect: request.hasProtect() ? request.getProtect() : undefined,
      retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
      customTimeouts: timeouts,
      deletedWith:
        request.getDeletedwith() === '' ? undefined : dependency(request.getDeletedwith()),
    }),
  };
}

function aliasOf(pulumi: Sdk, alias: Alias): Pulumi.Alias | string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? pulumi.rootStackResource : spec.getParenturn();
  return omitUndefined({
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    project: spec.getProject() || undefined,
    stack: spec.getStack() || undefined,
    parent: parent === '' ? undefined : parent,
  });
}
