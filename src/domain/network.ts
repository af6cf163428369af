import { BlockList, isIP } from 'node:net';
import { assert } from '../errors';
import { omitUndefined } from './omit-undefined';

/** The parts of a URL that decide whether key material may go there. `protocol` ends in a colon, as in `URL`. */
export interface Endpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** Returns whether a host name, in the form of `URL` and the AWS SDK, is that of this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Refuses an unencrypted endpoint on another machine. Anybody between could send their own wrapping key and
 * receive the material.
 *
 * @param endpoint - undefined if the text is not a URL
 * @throws {@link ByokError} `ENDPOINT_INSECURE`
 */
export function assertSecureEndpoint(endpoint: Endpoint | undefined): void {
  const isEncrypted = endpoint?.protocol === 'https:';
  const isLocal = endpoint?.protocol === 'http:' && isLoopback(endpoint.hostname);
  assert(
    (isEncrypted || isLocal) && !endpoint.username && !endpoint.password,
    'ENDPOINT_INSECURE',
    'an endpoint is an https URL, or an http URL of this machine (localhost), without a user name, because key material goes there. Correct it where it is set: connection.endpoint, aws:endpoints, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>, or endpoint_url in the AWS configuration file',
  );
}

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');
// The address of the service in IPv6 (Amazon EC2 User Guide, instancedata-data-retrieval). It never leaves the host.
LINK_LOCAL.addAddress('fd00:ec2::254', 'ipv6');

/**
 * Refuses an instance metadata service in clear on another machine. Anybody between could hand out the credentials of
 * another account, or read those of this one.
 *
 * @throws {@link ByokError} `ENDPOINT_INSECURE`
 */
export function assertSecureMetadataService({ protocol, hostname }: Endpoint): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  const isNear =
    isLoopback(hostname) ||
    (family !== 0 && LINK_LOCAL.check(address, family === 4 ? 'ipv4' : 'ipv6'));
  assert(
    protocol === 'https:' || (protocol === 'http:' && isNear),
    'ENDPOINT_INSECURE',
    'the credentials may come from an instance metadata service, which is on another machine and not encrypted: correct AWS_EC2_METADATA_SERVICE_ENDPOINT, or ec2_metadata_service_endpoint in the AWS configuration file, to a link-local address or to this machine, or set AWS_EC2_METADATA_DISABLED=true',
  );
}

/** The proxy settings of a stack or of a `connection`. They take precedence over the variables of the same names. */
export interface ProxySettings {
  /** Is used for https only if nothing names a proxy for https. */
  readonly httpProxy?: string | undefined;
  /** An empty text switches the proxy of the environment off. */
  readonly httpsProxy?: string | undefined;
  /** Host names, IP addresses and networks that are called directly, separated by commas. */
  readonly noProxy?: string | undefined;
  /** Place of the settings, before their names in messages; default: `aws:`. */
  readonly prefix?: 'aws:' | 'connection.' | undefined;
}

/** The proxy for a host. */
export interface Proxy {
  /** May contain a user name and a password. */
  readonly url: URL;
  /** The setting that names it, such as `HTTPS_PROXY`. */
  readonly from: string;
}

/** The way to a host: through a proxy, or directly although something names a proxy. */
export interface Way {
  readonly proxy?: Proxy;
  /** The setting that excludes the host from the proxy. */
  readonly excludedBy?: string;
}

/**
 * Decides through which proxy an https request to a host goes, as the aws provider does (aws-sdk-go-base,
 * HTTPTransportOptions, and golang.org/x/net/http/httpproxy): HTTPS_PROXY and NO_PROXY, also in lower case. This
 * machine is never reached through a proxy. Requests in clear go only to this machine, so HTTP_PROXY decides
 * nothing.
 *
 * @param port - default: 443
 * @throws {@link ByokError} `AWS_CONFIG_INVALID` if the proxy is not an http or https URL
 */
export function wayTo(
  { hostname, port = 443 }: { readonly hostname: string; readonly port?: number | undefined },
  settings: ProxySettings,
  env: NodeJS.ProcessEnv,
): Way {
  if (isLoopback(hostname)) return {};
  const named = namedProxy(settings, env);
  if (named === undefined) return {};
  const [excluded, excludedBy] = firstOf([
    [settings.noProxy, nameOf('noProxy', settings)],
    [env.NO_PROXY, 'NO_PROXY'],
    [env.no_proxy, 'no_proxy'],
  ]);
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return excluded !== undefined && isListed({ host, port }, excluded)
    ? { excludedBy }
    : { proxy: named };
}

/**
 * Returns the proxy that the settings name for https, before any exclusion.
 *
 * @throws {@link ByokError} `AWS_CONFIG_INVALID` if it is not an http or https URL
 */
export function namedProxy(settings: ProxySettings, env: NodeJS.ProcessEnv): Proxy | undefined {
  if (settings.httpsProxy === '') return undefined;
  const [text, from] = firstOf([
    [settings.httpsProxy, nameOf('httpsProxy', settings)],
    [env.HTTPS_PROXY, 'HTTPS_PROXY'],
    [env.https_proxy, 'https_proxy'],
    [settings.httpProxy, nameOf('httpProxy', settings)],
  ]);
  if (text === undefined) return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  // The text is not repeated: it may contain a password.
  assert(
    URL.canParse(url) && /^https?:\/\/[^/]/i.test(url),
    'AWS_CONFIG_INVALID',
    `${from} is not the URL of a proxy: write it like http://proxy.example.com:3128, with http or https`,
  );
  return { url: new URL(url), from };
}

/** Returns a proxy as a message may show it: without its user name and password. */
export function shownProxy({ url, from }: Proxy): string {
  return `${url.protocol}//${url.host} (${from})`;
}

function nameOf(
  setting: Exclude<keyof ProxySettings, 'prefix'>,
  { prefix = 'aws:' }: ProxySettings,
): string {
  return `${prefix}${setting}`;
}

type Setting = readonly [value: string | undefined, name: string];

function firstOf(settings: readonly Setting[]): Setting {
  return settings.find(([value]) => value !== undefined && value !== '') ?? [undefined, ''];
}

interface Host {
  readonly host: string;
  readonly port: number;
}

function isListed(host: Host, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && (entry === '*' || matches(host, entry)));
}

function matches({ host, port }: Host, entry: string): boolean {
  if (entry.includes('/')) return isInNetwork(host, entry);
  const [, bracketed, plain, onlyPort] = /^(?:\[(.*)\]|(.*?))(?::(\d+))?$/.exec(
    isIP(entry) === 6 ? `[${entry}]` : entry,
  ) ?? [undefined, undefined, entry];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const name = (bracketed ?? plain).replace(/^\*\./, '.');
  // A name includes the names below it. A point in front excludes the name itself.
  return host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`);
}

function isInNetwork(host: string, entry: string): boolean {
  const family = isIP(host);
  const [address = '', prefix = ''] = entry.split('/');
  if (family === 0 || isIP(address) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  const networks = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  networks.addSubnet(address, Number(prefix), type);
  return networks.check(host, type);
}

/**
 * Returns the proxy settings of a `connection`, which replace those of the stack together; undefined if it has none.
 *
 * @throws {@link ByokError} `AWS_CONFIG_INVALID`
 */
export function declaredProxy(
  inputs: Omit<ProxySettings, 'prefix'> = {},
): ProxySettings | undefined {
  const { httpProxy, httpsProxy, noProxy } = inputs;
  return checkedSettings({ httpProxy, httpsProxy, noProxy }, 'connection.');
}

/**
 * Returns the proxy settings of the stack; undefined if it has none.
 *
 * @throws {@link ByokError} `AWS_CONFIG_INVALID`
 */
export function configuredProxy(
  config: (key: string) => string | undefined,
): ProxySettings | undefined {
  const httpProxy = config('aws:httpProxy');
  const httpsProxy = config('aws:httpsProxy');
  const noProxy = config('aws:noProxy');
  return checkedSettings({ httpProxy, httpsProxy, noProxy });
}

function checkedSettings(
  all: ProxySettings,
  prefix?: ProxySettings['prefix'],
): ProxySettings | undefined {
  const settings = omitUndefined(all);
  if (Object.keys(settings).length === 0) return undefined;
  const named = omitUndefined({ ...settings, prefix });
  namedProxy(named, {});
  return named;
}
