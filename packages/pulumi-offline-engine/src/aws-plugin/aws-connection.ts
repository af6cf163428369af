import { KMSClient } from '@aws-sdk/client-kms';

import { isMap, revealedMap, type Value, type ValueMap } from '../engine/values';

/** The caller, as the function `getCallerIdentity` returns it. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/**
 * The connection of the stand-in to AWS: `region`, `endpoints`, `accessKey`, `secretKey`, `token` and
 * `profile` of its provider's configuration, which take precedence over the environment. It calls only an
 * endpoint that is configured, so that no test creates a key in a real account.
 */
export class AwsConnection {
  readonly #env: NodeJS.ProcessEnv;
  readonly #clients = new Map<string, KMSClient>();
  #config: ValueMap = {};

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Sets the configuration of the provider. */
  configure(config: ValueMap): void {
    for (const name of ['assumeRole', 'assumeRoles']) {
      if (config[name] !== undefined) {
        throw new Error(`the aws stand-in assumes no roles: remove ${name} from its provider`);
      }
    }
    this.#config = revealedMap(config);
  }

  /** The Region of resources that do not name one. */
  get region(): string {
    const region = this.#text('region') ?? this.#env.AWS_REGION ?? this.#env.AWS_DEFAULT_REGION;
    if (region === undefined) throw new Error('missing required configuration key "aws:region"');
    return region;
  }

  /** Returns an unmodified client for KMS in a Region. */
  kms(region: string): KMSClient {
    let client = this.#clients.get(region);
    if (client === undefined) {
      const credentials = this.#credentials();
      const profile = this.#text('profile');
      client = new KMSClient({
        region,
        endpoint: this.#endpoint('kms'),
        ...(credentials === undefined ? {} : { credentials }),
        ...(profile === undefined ? {} : { profile }),
      });
      this.#clients.set(region, client);
    }
    return client;
  }

  /**
   * Asks STS for the caller's identity. The embedded KMS takes it from the credential scope of the request,
   * so the signature need not be valid.
   */
  async callerIdentity(): Promise<CallerIdentity> {
    const { accessKeyId } = await this.kms(this.region).config.credentials();
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const scope = `${accessKeyId}/${day}/${this.region}/sts/aws4_request`;
    const response = await fetch(this.#endpoint('sts', 'kms'), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`reading the caller's identity: ${text}`);
    const member = (name: string): string =>
      new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
    return { accountId: member('Account'), arn: member('Arn'), userId: member('UserId') };
  }

  #credentials() {
    const accessKeyId = this.#text('accessKey');
    const secretAccessKey = this.#text('secretKey');
    if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
    const sessionToken = this.#text('token');
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    };
  }

  #endpoint(...services: string[]): string {
    const configured = parsed(this.#config.endpoints ?? null);
    const entries = Array.isArray(configured) ? (configured as readonly Value[]) : [configured];
    for (const service of services) {
      for (const entry of entries) {
        const url = isMap(entry) ? entry[service] : undefined;
        if (typeof url === 'string' && url !== '') return url;
      }
    }
    const url = this.#env.AWS_ENDPOINT_URL_KMS ?? this.#env.AWS_ENDPOINT_URL;
    if (url !== undefined) return url;
    throw new Error(
      `the aws stand-in calls only a KMS for tests: configure its address as aws:endpoints '[{"kms":"http://127.0.0.1:4599"}]'`,
    );
  }

  #text(name: string): string | undefined {
    const value = this.#config[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }
}

// Values other than text arrive as JSON in the configuration of a provider.
function parsed(value: Value): Value {
  return typeof value === 'string' ? (JSON.parse(value) as Value) : value;
}
