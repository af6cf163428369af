import * as pulumi from '@pulumi/pulumi';
import type { AssumeRoleArgs } from '../provider/args';

/** Base URLs of the services other than KMS that an explicit provider calls. */
export interface EndpointsArgs {
  /** For `assumeRole`. */
  readonly sts?: pulumi.Input<string | undefined>;
  /** For `material.secretsManager`. */
  readonly secretsmanager?: pulumi.Input<string | undefined>;
  /** For `material.ssmParameter`. */
  readonly ssm?: pulumi.Input<string | undefined>;
}

/** The inputs of `KmsByokProvider`. The default chain of the AWS SDK fills in what is absent. */
export interface KmsByokProviderArgs {
  /** AWS Region, for keys that are named only by their ID. */
  readonly region?: pulumi.Input<string | undefined>;
  /** Profile of the AWS configuration files. */
  readonly profile?: pulumi.Input<string | undefined>;
  /** Base URL of KMS, for a VPC endpoint or an emulator. */
  readonly endpoint?: pulumi.Input<string | undefined>;
  /** Base URLs of `sts`, `secretsmanager` and `ssm`. */
  readonly endpoints?: pulumi.Input<EndpointsArgs | undefined>;
  /** Uses endpoints that are validated for FIPS 140. */
  readonly useFipsEndpoint?: pulumi.Input<boolean | undefined>;
  /** Uses endpoints with IPv4 and IPv6. */
  readonly useDualstackEndpoint?: pulumi.Input<boolean | undefined>;
  /** Accounts whose keys may be used. Default: all. */
  readonly allowedAccountIds?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Accounts whose keys may not be used. */
  readonly forbiddenAccountIds?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Region of STS, for `assumeRole`. Default: `region`. */
  readonly stsRegion?: pulumi.Input<string | undefined>;
  /** How often a failed call is repeated. Default: 5. */
  readonly maxRetries?: pulumi.Input<number | undefined>;
  /** `standard` or `adaptive`. */
  readonly retryMode?: pulumi.Input<string | undefined>;
  /** The role to assume: `roleArn`, `externalId`, `sessionName`, `duration`. */
  readonly assumeRole?: pulumi.Input<AssumeRoleArgs | undefined>;
}

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

  constructor(name: string, args: KmsByokProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const { region, profile, endpoint, endpoints, assumeRole } = args;
    // The provider process reads them as the configuration of a stack, and gets no other.
    super(
      'pulumi-nodejs',
      name,
      {
        'aws:region': region,
        'aws:profile': profile,
        'aws:endpoints': configured(
          { endpoint, endpoints },
          ({ endpoint: kms, endpoints: more }) =>
            kms === undefined && more === undefined
              ? undefined
              : [{ ...(kms === undefined ? {} : { kms }), ...more }],
        ),
        'aws:assumeRole': configured(assumeRole, (role) => role),
        'aws:useFipsEndpoint': configured(args.useFipsEndpoint, (flag) => flag),
        'aws:useDualstackEndpoint': configured(args.useDualstackEndpoint, (flag) => flag),
        'aws:allowedAccountIds': configured(args.allowedAccountIds, (ids) => ids),
        'aws:forbiddenAccountIds': configured(args.forbiddenAccountIds, (ids) => ids),
        'aws:stsRegion': args.stsRegion,
        'aws:maxRetries': configured(args.maxRetries, (count) => count),
        'aws:retryMode': args.retryMode,
      },
      opts,
    );
  }
}

// Objects in stack configuration are JSON text.
function configured<T>(
  input: T,
  build: (value: pulumi.Unwrap<T>) => unknown,
): pulumi.Output<string | undefined> {
  return pulumi.output(input).apply((value) => {
    const built = build(value);
    return built === undefined ? undefined : JSON.stringify(built);
  });
}
