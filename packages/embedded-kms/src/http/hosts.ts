// Names of this machine that DNS cannot point to another one (RFC 6761 §6.3).
const LOOPBACK = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const HOST_NAME = /^(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-f:.]+\])$/;

/** Listening on these means all addresses of the machine. Clients do not call them. */
const WILDCARDS = new Set(['0.0.0.0', '[::]']);

/**
 * Returns the name in a Host header in lower case, without its port (RFC 9110 §7.2): a proxy or a
 * mapped port changes the port. Undefined when the header is missing or malformed.
 */
export function hostNameOf(header: string | undefined): string | undefined {
  const name = (header ?? '').toLowerCase().replace(/:\d*$/, '');
  return HOST_NAME.test(name) ? name : undefined;
}

/** Whether a host name is one of this machine. */
export function isLoopbackName(name: string | undefined): boolean {
  return name !== undefined && LOOPBACK.test(name);
}

/** Returns an address as URLs and Host headers write it: IPv6 in brackets. */
export function inUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/**
 * The host names that a server answers to. A web page can point a name of its own to 127.0.0.1 (DNS
 * rebinding), and its requests then carry that name.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>;

  /**
   * @param address - the address that the server listens on
   * @param others - names in addition to those of this machine
   * @throws TypeError when one of the names is not a host name
   */
  constructor(address: string, others: readonly string[]) {
    const listening = inUrl(address.toLowerCase());
    const names = others.map((name) => {
      const lower = name.toLowerCase();
      if (!HOST_NAME.test(lower)) {
        throw new TypeError(`allowHosts takes host names without a scheme and port, not '${name}'`);
      }
      return lower;
    });
    this.#names = new Set(WILDCARDS.has(listening) ? names : [listening, ...names]);
  }

  /** Whether a server answers requests with this Host header. */
  allows(header: string | undefined): boolean {
    const name = hostNameOf(header);
    return name !== undefined && (isLoopbackName(name) || this.#names.has(name));
  }
}
