import {
  assertSecureMetadataService,
  namedProxy,
  shownProxy,
  wayTo,
  type ProxySettings,
} from '../../src/domain/network';

const KMS = 'kms.eu-west-1.amazonaws.com';
const A = 'http://a.example:3128';
const B = 'http://b.example:3128';

const proxyOf = (
  env: Record<string, string>,
  settings: ProxySettings = {},
  hostname = KMS,
): string | undefined => wayTo({ hostname }, settings, env).proxy?.from;

describe('when an instance metadata service is judged', () => {
  const judged = (url: string) => () => {
    assertSecureMetadataService(new URL(url));
  };

  it.each([
    'http://169.254.169.254',
    'http://169.254.170.23:80/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]',
    'http://127.0.0.1:1338',
    'http://localhost:1338',
    'http://[::1]:1338',
    'https://metadata.example',
  ])('%s may be asked', (url) => {
    expect(judged(url)).not.toThrow();
  });

  it.each([
    'http://metadata.example',
    'http://10.0.0.1',
    'http://169.254.169.254.example',
    'http://169.253.0.1',
    'http://[fd00:ec2::253]',
    'http://[2001:db8::1]',
    'ftp://169.254.169.254',
  ])('%s may not', (url) => {
    expect(judged(url)).toThrowWithCode('ENDPOINT_INSECURE');
  });
});

describe('when a request may go through a proxy', () => {
  it.each<[Record<string, string>, ProxySettings, string | undefined]>([
    [{}, {}, undefined],
    [{ HTTPS_PROXY: A }, {}, 'HTTPS_PROXY'],
    [{ https_proxy: A }, {}, 'https_proxy'],
    [{ HTTPS_PROXY: A, https_proxy: B }, {}, 'HTTPS_PROXY'],
    [{ HTTPS_PROXY: '', https_proxy: B }, {}, 'https_proxy'],
    [{ HTTP_PROXY: A, http_proxy: A, ALL_PROXY: A, npm_config_https_proxy: A }, {}, undefined],
    [{ HTTPS_PROXY: A }, { httpsProxy: B }, 'aws:httpsProxy'],
    [{ HTTPS_PROXY: A }, { httpsProxy: '' }, undefined],
    [{ HTTPS_PROXY: A }, { httpProxy: B }, 'HTTPS_PROXY'],
    [{}, { httpProxy: B }, 'aws:httpProxy'],
    [{ HTTPS_PROXY: A }, { httpsProxy: B, prefix: 'connection.' }, 'connection.httpsProxy'],
    [{ HTTPS_PROXY: A, NO_PROXY: '*' }, { noProxy: 'other.example' }, 'HTTPS_PROXY'],
    [{ HTTPS_PROXY: A, no_proxy: KMS }, {}, undefined],
    [{}, { httpsProxy: A, noProxy: KMS }, undefined],
  ])('with %j and %j it is that of %s', (env, settings, from) => {
    expect(proxyOf(env, settings)).toBe(from);
  });

  it.each([
    [KMS, '', true],
    [KMS, '*', false],
    [KMS, 'example.com, amazonaws.com', false],
    [KMS, '.amazonaws.com', false],
    [KMS, '*.amazonaws.com', false],
    [KMS, 'AMAZONAWS.COM', false],
    [KMS, 'azonaws.com', true],
    [KMS, `.${KMS}`, true],
    [KMS, `${KMS}:443`, false],
    [KMS, `${KMS}:8443`, true],
    ['10.1.2.3', '10.0.0.0/8', false],
    ['11.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '10.1.2.3', false],
    ['10.1.2.3', '10.0.0.0/99', true],
    ['[fd00::1]', 'fd00::/8', false],
    ['[fd00::1]', 'fd00::1', false],
    ['[fd00::1]', '[fd00::1]:443', false],
    ['localhost', '', false],
    ['127.0.0.1', '', false],
    ['[::1]', '', false],
  ])('%s with NO_PROXY "%s" goes through it: %s', (hostname, list, expected) => {
    const env = { HTTPS_PROXY: A, NO_PROXY: list };
    expect(proxyOf(env, {}, hostname) !== undefined).toBe(expected);
  });

  it.each([
    [{ NO_PROXY: KMS }, {}, 'NO_PROXY'],
    [{ no_proxy: KMS }, {}, 'no_proxy'],
    [{ NO_PROXY: '*' }, { noProxy: KMS }, 'aws:noProxy'],
    [{}, { noProxy: KMS, prefix: 'connection.' }, 'connection.noProxy'],
  ] as const)('with %j and %j the host is excluded by %s', (env, settings, excludedBy) => {
    const way = wayTo({ hostname: KMS }, settings, { HTTPS_PROXY: A, ...env });
    expect(way).toEqual({ excludedBy });
  });

  it('a proxy without a scheme is reached over http, as the aws provider does it', () => {
    expect(namedProxy({}, { HTTPS_PROXY: 'proxy.example:3128' })?.url.href).toBe(
      'http://proxy.example:3128/',
    );
  });

  it.each(['socks5://proxy.example', 'http://:3128', 'http:///x', 'http://a b'])(
    '%j is refused without a word of it',
    (url) => {
      const call = () => namedProxy({}, { HTTPS_PROXY: url });
      expect(call).toThrowWithCode('AWS_CONFIG_INVALID');
      expect(call).not.toThrow(url);
    },
  );

  it('its user name and password are not shown', () => {
    const proxy = namedProxy({ httpsProxy: 'http://user:hunter2@proxy.example:3128/' }, {})!;
    expect(shownProxy(proxy)).toBe('http://proxy.example:3128 (aws:httpsProxy)');
  });
});
