import { createRequire } from 'node:module';
import type * as grpc from '@grpc/grpc-js';
import type * as engineRpc from '@pulumi/pulumi/proto/engine_grpc_pb';
import type * as engine from '@pulumi/pulumi/proto/engine_pb';
import type * as plugin from '@pulumi/pulumi/proto/plugin_pb';
import type * as providerRpc from '@pulumi/pulumi/proto/provider_grpc_pb';
import type * as provider from '@pulumi/pulumi/proto/provider_pb';
import type * as status from '@pulumi/pulumi/proto/status_pb';
import type * as any from 'google-protobuf/google/protobuf/any_pb';
import type * as empty from 'google-protobuf/google/protobuf/empty_pb';
import type * as struct from 'google-protobuf/google/protobuf/struct_pb';

// gRPC and protobuf are those of the SDK, because its service definitions accept only messages of their own copy.
const load = createRequire(require.resolve('@pulumi/pulumi/package.json'));

/**
 * The protocol of Pulumi's plugins, as `@pulumi/pulumi` brings it. Only its messages are loaded, because the whole
 * SDK takes most of the time that a plugin needs to start.
 */
export const protocol = {
  grpc: load('@grpc/grpc-js') as typeof grpc,
  any: load('google-protobuf/google/protobuf/any_pb') as typeof any,
  empty: load('google-protobuf/google/protobuf/empty_pb') as typeof empty,
  struct: load('google-protobuf/google/protobuf/struct_pb') as typeof struct,
  engine: load('@pulumi/pulumi/proto/engine_pb') as typeof engine,
  engineRpc: load('@pulumi/pulumi/proto/engine_grpc_pb') as typeof engineRpc,
  plugin: load('@pulumi/pulumi/proto/plugin_pb') as typeof plugin,
  provider: load('@pulumi/pulumi/proto/provider_pb') as typeof provider,
  providerRpc: load('@pulumi/pulumi/proto/provider_grpc_pb') as typeof providerRpc,
  status: load('@pulumi/pulumi/proto/status_pb') as typeof status,
};
