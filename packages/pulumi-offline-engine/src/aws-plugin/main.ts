import { loadSdk } from '../engine/sdk';
import { AwsConnection } from './aws-connection';
import { providerService } from './service';

// The SDK's notice about the end of its support for Node 20 would be shown in every update.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const sdk = loadSdk(__dirname);
const server = new sdk.grpc.Server({
  'grpc.max_receive_message_length': 1024 * 1024 * 400,
  'grpc.max_send_message_length': -1,
});
server.addService(
  sdk.providerRpc.ResourceProviderService,
  providerService(sdk, new AwsConnection(process.env)),
);
server.bindAsync('127.0.0.1:0', sdk.grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  // The first line of a plugin is its port.
  process.stdout.write(`${port}\n`);
});
