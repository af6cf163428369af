import * as pulumi from '@pulumi/pulumi';
import { DECLARED_PROXY, DECLARED_PROXY_FORM } from '../domain/declared-proxy';
import { shownInputName } from '../domain/input-names';
import { assertSecureEndpoint } from '../domain/network';
import { ByokError } from '../errors';
import type { ConnectionArgs } from '../provider/args';
import { assertArguments, ofResource } from './resource-error';

/** The inputs of `KmsByokProvider`. The default chain of the AWS SDK fills in what is absent. */
export type KmsByokProviderArgs = ConnectionArgs;

// Objects and numbers in stack configuration are JSON text.
const FORMS: Readonly<
  Record<Exclude<keyof KmsByokProviderArgs, 'endpoint' | 'endpoints'>, 'text' | 'proxy' | 'json'>
> = {
  region: 'text',
  profile: 'text',
  stsRegion: 'text',
  retryMode: 'text',
  transport: 'text',
  httpProxy: 'proxy',
  httpsProxy: 'proxy',
  noProxy: 'text',
  useFipsEndpoint: 'json',
  useDualstackEndpoint: 'json',
  allowedAccountIds: 'json',
  forbiddenAccountIds: 'json',
  maxRetries: 'json',
  assumeRole: 'json',
};

/**
 * An explicit provider: an account, a Region or an endpoint for the resources that name it in their
 * option `provider`. It replaces the `aws:*` configuration of the stack, which it does not see. The
 * `connection` of a resource, and the Region in the ARN of its key, take precedence over it.
 *
 * It runs in its own process.
 *
 * @example
 * ```ts
 * import { ImportedKeyMaterial, KmsByokProvider } from 'pulumi-kms-byok';
 *
 * const north = new KmsByokProvider('north', {
 *   region: 'eu-north-1',
 *   assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/key-admin' },
 * });
 * new ImportedKeyMaterial(
 *   'root-key',
 *   { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', material: { file: 'material.bin' } },
 *   { provider: north },
 * );
 * ```
 */
export class KmsByokProvider extends pulumi.ProviderResource {
  /** @internal */
  static readonly __pulumiType = 'pulumi:providers:pulumi-nodejs';

  /** @throws {@link ByokError} `INPUT_INVALID`, `UNKNOWN_INPUT`, and `ENDPOINT_INSECURE` once the endpoints are known */
  constructor(name: string, args: KmsByokProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    assertArguments(args, 'KmsByokProvider');
    const { endpoint, endpoints } = args;
    const names = Object.keys(FORMS) as (keyof typeof FORMS)[];
    // Only these names are sent, so the provider process would not see another one.
    const known = [...names, 'endpoint', 'endpoints'];
    const other = Object.keys(args).find((input) => !known.includes(input));
    if (other !== undefined) {
      ofResource(undefined, () => {
        throw new ByokError(
          'UNKNOWN_INPUT',
          `${shownInputName(other)} is not an input of KmsByokProvider, whose inputs are ${known.join(', ')}`,
        );
      });
    }
    // The provider process reads them as the configuration of a stack, and gets no other.
    super(
      'pulumi-nodejs',
      name,
      {
        ...Object.fromEntries(
          names.map((input) => [`aws:${input}`, configured(input, args[input])]),
        ),
        'aws:endpoints': asJson(
          pulumi.output({ endpoint, endpoints }).apply(({ endpoint: kms, endpoints: more }) => {
            const all = { ...(kms === undefined ? {} : { kms }), ...more };
            // State would have a password in a URL before the provider process could refuse it.
            for (const url of Object.values(all)) assertSecure(url);
            return kms === undefined && more === undefined ? undefined : [all];
          }),
        ),
      },
      opts,
    );
  }
}

function assertSecure(url: string | undefined): void {
  if (url !== undefined) assertSecureEndpoint(URL.canParse(url) ? new URL(url) : undefined);
}

function configured(name: keyof typeof FORMS, input: unknown): unknown {
  if (FORMS[name] === 'text') return input;
  return FORMS[name] === 'json' ? asJson(input) : asProxy(name, input);
}

// State would have a password in a URL before the provider process could refuse it.
function asProxy(name: string, input: unknown): pulumi.Output<string | undefined> {
  return pulumi.output(input as string | undefined).apply((url) => {
    if (url !== undefined && !DECLARED_PROXY.test(url)) {
      throw new ByokError('INPUT_INVALID', `${name} ${DECLARED_PROXY_FORM}`);
    }
    return url;
  });
}

function asJson(input: unknown): pulumi.Output<string | undefined> {
  return pulumi
    .output(input as object | undefined)
    .apply((value) => (value === undefined ? undefined : JSON.stringify(value)));
}
