import type { ClientRequest } from 'node:http';
import type { SecureContextOptions } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { shownProxy, type Proxy } from '../domain/network';
import { ByokError } from '../errors';

/** Time limit of the connection to the proxy and through it. The request gives up before it. */
const CONNECTION_LIMIT_MS = 10_000;

const REMEDIES: Readonly<Record<number, string>> = {
  403: 'let the proxy allow this host, or name the host in NO_PROXY',
  407: 'put a user name and a password that the proxy accepts into its URL',
};

type Connect = HttpsProxyAgent<string>['connect'];

/** Opens connections through a proxy with the method CONNECT, so the proxy sees the host and only ciphertext. */
export class ProxyAgent extends HttpsProxyAgent<string> {
  readonly #proxy: Proxy;

  /** @param tls - settings of the connections to the hosts behind the proxy */
  constructor(proxy: Proxy, tls: SecureContextOptions = {}) {
    super(proxy.url, { keepAlive: true, maxSockets: 50 });
    // Not in the options of the constructor, which are also those of the connection to the proxy.
    Object.assign(this.options, tls);
    this.#proxy = proxy;
  }

  /** @throws {@link ByokError} `KMS_UNREACHABLE` if the proxy refuses the connection */
  override async connect(...[request, options]: Parameters<Connect>): ReturnType<Connect> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, CONNECTION_LIMIT_MS);
    // The agent copies the options when it dials, before it waits for anything.
    this.connectOpts = { ...this.connectOpts, signal: limit.signal };
    const answer = proxyAnswer(request);
    try {
      const socket = await super.connect(request, options);
      const { status } = answer;
      if (status === 200) return socket;
      socket.destroy();
      throw refusal(status, `${options.host ?? ''}:${options.port}`, this.#proxy);
    } finally {
      clearTimeout(timer);
    }
  }
}

function proxyAnswer(request: ClientRequest): { readonly status: number } {
  const answer = { status: 0 };
  request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
    answer.status = statusCode;
  });
  return answer;
}

function refusal(status: number, host: string, proxy: Proxy): ByokError {
  const remedy = REMEDIES[status] ?? 'check the proxy, and run it again';
  const error = new ByokError(
    'KMS_UNREACHABLE',
    `the proxy ${shownProxy(proxy)} refused a connection to ${host} with status ${status}: ${remedy}`,
  );
  // The SDK repeats calls whose errors have this member.
  return status >= 500 ? Object.assign(error, { $retryable: {} }) : error;
}
