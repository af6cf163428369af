import * as pulumi from '@pulumi/pulumi';
import type { AssumeRoleArgs } from '../provider/args';

/** Base URLs of the services that an explicit provider calls beside KMS. */
export interface EndpointsArgs {
  /** For `assumeRole`. */
  readonly sts?: pulumi.Input<string | undefined>;
  /** For `material.secretsManager`. */
  readonly secretsmanager?: pulumi.Input<string | undefined>;
  /** For `material.ssmParameter`. */
  readonly ssm?: pulumi.Input<string | undefined>;
}

/** The inputs of `KmsByokProvider`. What is absent comes from the default chain of the AWS SDK. */
export interface KmsByokProviderArgs {
  /** AWS Region, for keys that are named by their ID alone. */
  readonly region?: pulumi.Input<string | undefined>;
  /** Profile of the AWS configuration files. */
  readonly profile?: pulumi.Input<string | undefined>;
  /** Base URL of KMS, for a VPC endpoint or an emulator. */
  readonly endpoint?: pulumi.Input<string | undefined>;
  /** Base URLs of `sts`, `secretsmanager` and `ssm`. */
  readonly endpoints?: pulumi.Input<EndpointsArgs | undefined>;
  /** Calls the endpoints that FIPS 140 validates. */
  readonly useFipsEndpoint?: pulumi.Input<boolean | undefined>;
  /** Calls the endpoints that have IPv6. */
  readonly useDualstackEndpoint?: pulumi.Input<boolean | undefined>;
  /** Accounts whose keys may be called. Default: all. */
  readonly allowedAccountIds?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Accounts whose keys may not be called. */
  readonly forbiddenAccountIds?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Region of STS, for `assumeRole`. Default: `region`. */
  readonly stsRegion?: pulumi.Input<string | undefined>;
  /** How often a call is repeated. Default: 5. */
  readonly maxRetries?: pulumi.Input<number | undefined>;
  /** `standard` or `adaptive`. */
  readonly retryMode?: pulumi.Input<string | undefined>;
  /** The role to assume: `roleArn`, `externalId`, `sessionName`, `duration`. */
  readonly assumeRole?: pulumi.Input<AssumeRoleArgs | undefined>;
}

/**
 * An explicit provider: an account, a Region or an endpoint for the resources that name it in their
 * option `provider`. It takes the place of the `aws:*` configuration of the stack, of which it sees
 * nothing; the `connection` of a resource, and the Region in the ARN of its key, stand above it.
 *
 * It runs in a process of its own.
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
    // The process takes them for the configuration of a stack, which is all that it knows of one.
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
