import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as grpc from '@grpc/grpc-js';
import type * as engineRpc from '@pulumi/pulumi/proto/engine_grpc_pb';
import type * as engine from '@pulumi/pulumi/proto/engine_pb';
import type * as plugin from '@pulumi/pulumi/proto/plugin_pb';
import type * as providerRpc from '@pulumi/pulumi/proto/provider_grpc_pb';
import type * as provider from '@pulumi/pulumi/proto/provider_pb';
import type * as resourceRpc from '@pulumi/pulumi/proto/resource_grpc_pb';
import type * as resource from '@pulumi/pulumi/proto/resource_pb';
import type * as status from '@pulumi/pulumi/proto/status_pb';
import type * as any from 'google-protobuf/google/protobuf/any_pb';
import type * as empty from 'google-protobuf/google/protobuf/empty_pb';
import type * as struct from 'google-protobuf/google/protobuf/struct_pb';

import type { ValueMap } from './values';

/** The parts of an installation of `@pulumi/pulumi` that the engine uses. */
export interface PulumiSdk {
  readonly grpc: typeof grpc;
  readonly any: typeof any;
  readonly empty: typeof empty;
  readonly struct: typeof struct;
  readonly engine: typeof engine;
  readonly engineRpc: typeof engineRpc;
  readonly plugin: typeof plugin;
  readonly provider: typeof provider;
  readonly providerRpc: typeof providerRpc;
  readonly resource: typeof resource;
  readonly resourceRpc: typeof resourceRpc;
  readonly status: typeof status;
  /** The entry files for a program and for the dynamic provider. */
  readonly entries: { readonly run: string; readonly dynamicProvider: string };
}

/**
 * Loads the SDK that the program will load. gRPC and protobuf come from the same installation, because the
 * service definitions accept only messages of their own copy.
 */
export function loadSdk(programDir: string): PulumiSdk {
  const load = requireOfSdk(programDir);
  const loaded = new Map<string, unknown>();
  // Each takes 10 to 100 ms, and a process uses only some.
  const once = (name: string): unknown => {
    if (!loaded.has(name)) loaded.set(name, load(name));
    return loaded.get(name);
  };
  return {
    get grpc() {
      return once('@grpc/grpc-js') as typeof grpc;
    },
    get any() {
      return once('google-protobuf/google/protobuf/any_pb') as typeof any;
    },
    get empty() {
      return once('google-protobuf/google/protobuf/empty_pb') as typeof empty;
    },
    get struct() {
      return once('google-protobuf/google/protobuf/struct_pb') as typeof struct;
    },
    get engine() {
      return once('@pulumi/pulumi/proto/engine_pb') as typeof engine;
    },
    get engineRpc() {
      return once('@pulumi/pulumi/proto/engine_grpc_pb') as typeof engineRpc;
    },
    get plugin() {
      return once('@pulumi/pulumi/proto/plugin_pb') as typeof plugin;
    },
    get provider() {
      return once('@pulumi/pulumi/proto/provider_pb') as typeof provider;
    },
    get providerRpc() {
      return once('@pulumi/pulumi/proto/provider_grpc_pb') as typeof providerRpc;
    },
    get resource() {
      return once('@pulumi/pulumi/proto/resource_pb') as typeof resource;
    },
    get resourceRpc() {
      return once('@pulumi/pulumi/proto/resource_grpc_pb') as typeof resourceRpc;
    },
    get status() {
      return once('@pulumi/pulumi/proto/status_pb') as typeof status;
    },
    entries: {
      run: load.resolve('@pulumi/pulumi/cmd/run'),
      dynamicProvider: load.resolve('@pulumi/pulumi/cmd/dynamic-provider'),
    },
  };
}

/** Parses YAML with the parser of the SDK. */
export function parseYaml(dir: string, text: string): unknown {
  const yaml = requireOfSdk(dir)('js-yaml') as { load(text: string): unknown };
  return yaml.load(text);
}

/** Returns the properties as a message. */
export function toStruct(sdk: PulumiSdk, properties: ValueMap): struct.Struct {
  return sdk.struct.Struct.fromJavaScript(properties);
}

/** Returns the properties in a message; none for an absent one. */
export function fromStruct(message: struct.Struct | undefined): ValueMap {
  return message?.toJavaScript() ?? {};
}

/**
 * Returns the `require` of the SDK that a program in the folder loads.
 *
 * @throws Error when the SDK is not installed there
 */
export function requireOfSdk(dir: string): NodeJS.Require {
  const fromDir = createRequire(join(dir, 'program.js'));
  try {
    return createRequire(fromDir.resolve('@pulumi/pulumi/package.json'));
  } catch {
    throw new Error(`@pulumi/pulumi is not installed in ${dir}. Run: npm install @pulumi/pulumi`);
  }
}
