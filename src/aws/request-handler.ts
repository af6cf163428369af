import { TLSSocket } from 'node:tls';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { assertSecureEndpoint, wayTo, type ProxySettings } from '../domain/network';
import type { Transport } from '../domain/transport';
import { ByokError } from '../errors';
import {
  assertCanBePostQuantum,
  HYBRID_TLS,
  hybridAgent,
  keyExchangeOf,
  refusedHandshake,
} from './post-quantum';
import { ProxyAgent } from './proxy-agent';
import { UnreachedError } from './unreached-error';

type Handle = NodeHttpHandler['handle'];

const TIME_LIMITS = {
  connectionTimeout: 5_000,
  requestTimeout: 30_000,
  throwOnRequestTimeout: true,
};

/**
 * Checks the endpoint of every request of every client of this package, also of the requests that only fetch
 * credentials, and sends the request through a proxy if one is named for its host. It sees what the client resolved
 * from an input, the environment or the AWS configuration file.
 */
export class GuardedHandler extends NodeHttpHandler {
  /** Why the last request was refused. The credential providers of the SDK replace it by an error of their own. */
  refusal: unknown;
  readonly #settings: ProxySettings;
  readonly #isHybrid: boolean;
  readonly #through = new Map<string, NodeHttpHandler>();

  constructor(settings: ProxySettings, transport?: Transport) {
    const isHybrid = transport === 'post-quantum';
    super({ ...TIME_LIMITS, ...(isHybrid ? { httpsAgent: hybridAgent() } : {}) });
    this.#isHybrid = isHybrid;
    this.#settings = settings;
  }

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { protocol, hostname, port, username, password } = request;
    try {
      assertSecureEndpoint({ protocol, hostname, username, password });
      if (this.#isHybrid) assertCanBePostQuantum(protocol, hostname);
    } catch (error) {
      this.refusal = error;
      throw error;
    }
    const way = wayTo({ hostname, port }, this.#settings, process.env);
    try {
      const result = await (way.proxy === undefined
        ? super.handle(request, options)
        : this.#handlerThrough(way.proxy.url, way.proxy.from).handle(request, options));
      const { socket } = (result.response.body ?? {}) as { readonly socket?: unknown };
      if (!(socket instanceof TLSSocket)) return result;
      const keyExchange = keyExchangeOf(socket, this.#isHybrid);
      return { response: Object.assign(result.response, { keyExchange }) };
    } catch (error) {
      const { name } = error as Error;
      if (error instanceof ByokError || name === 'AbortError') throw error;
      const refused = this.#isHybrid ? refusedHandshake(error, hostname) : undefined;
      if (refused !== undefined) {
        this.refusal = refused;
        throw refused;
      }
      throw new UnreachedError(error, { host: hostname, ...way });
    }
  }

  override destroy(): void {
    super.destroy();
    for (const handler of this.#through.values()) handler.destroy();
  }

  #handlerThrough(url: URL, from: string): NodeHttpHandler {
    const known = this.#through.get(url.href);
    if (known !== undefined) return known;
    const httpsAgent = new ProxyAgent({ url, from }, this.#isHybrid ? HYBRID_TLS : {});
    const handler = new NodeHttpHandler({ ...TIME_LIMITS, httpsAgent });
    this.#through.set(url.href, handler);
    return handler;
  }
}

/**
 * Makes the request handler of a client. A connection takes at most 5 seconds, an answer at most 30.
 *
 * @returns a handler whose requests fail with `ENDPOINT_INSECURE` if they would go to another machine in
 * clear, and go through the proxy of the stack or of the environment
 */
export function requestHandler(
  settings: ProxySettings = {},
  transport?: Transport,
): GuardedHandler {
  return new GuardedHandler(settings, transport);
}
