import { NodeHttpHandler } from '@smithy/node-http-handler';
import { assertSecureEndpoint } from '../domain/endpoint';

type Handle = NodeHttpHandler['handle'];

/**
 * The way of every request of every client of this package, those included that only fetch credentials. It
 * judges what the client has resolved, whatever it came from: an input, the environment, the AWS
 * configuration file.
 */
class GuardedHandler extends NodeHttpHandler {
  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { protocol, hostname, username, password } = request;
    assertSecureEndpoint({ protocol, hostname, username, password });
    return super.handle(request, options);
  }
}

/**
 * Makes the request handler of a client. Connections take at most 5 seconds, answers at most 30.
 *
 * @returns a handler whose requests fail with `ENDPOINT_INSECURE` where they would go to another machine in
 * clear
 */
export function requestHandler(): NodeHttpHandler {
  return new GuardedHandler({
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
  });
}
