import { servePlugin } from '../engine/grpc-server';
import { loadSdk } from '../engine/sdk';
import { AwsConnection } from './aws-connection';
import { providerService } from './service';

// Otherwise every update would show the AWS SDK's notice about the end of its support for Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const sdk = loadSdk(__dirname);
const service = providerService(sdk, new AwsConnection(process.env));
void servePlugin(sdk, [sdk.providerRpc.ResourceProviderService, service]);
