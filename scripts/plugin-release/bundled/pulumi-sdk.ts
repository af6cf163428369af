import * as grpc from '@grpc/grpc-js';
import * as engineRpc from '@pulumi/pulumi/proto/engine_grpc_pb';
import * as engine from '@pulumi/pulumi/proto/engine_pb';
import * as plugin from '@pulumi/pulumi/proto/plugin_pb';
import * as providerRpc from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import * as status from '@pulumi/pulumi/proto/status_pb';
import * as any from 'google-protobuf/google/protobuf/any_pb';
import * as empty from 'google-protobuf/google/protobuf/empty_pb';
import * as struct from 'google-protobuf/google/protobuf/struct_pb';
import type { protocol as loaded } from '../../../src/plugin/pulumi-sdk';

/** The protocol of Pulumi's plugins, of which the bundle has one copy. */
export const protocol: typeof loaded = {
  grpc,
  any,
  empty,
  struct,
  engine,
  engineRpc,
  plugin,
  provider,
  providerRpc,
  status,
};
