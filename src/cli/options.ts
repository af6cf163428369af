import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '../domain/duration';
import { ByokError } from '../errors';

/** Options of every command that calls AWS: the place of KMS, and the identity. */
export interface AwsOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** Adds `--profile` and `--endpoint-url`, which mean what they mean in the AWS CLI. */
export function withAccount(command: Command): Command {
  return command
    .option('--profile <name>', 'profile in the AWS configuration files')
    .option('--endpoint-url <url>', 'base URL of KMS, for a VPC endpoint or an emulator');
}

/** Adds `--profile`, `--region` and `--endpoint-url`, which mean what they mean in the AWS CLI. */
export function withAws(command: Command): Command {
  return withAccount(
    command.option(
      '--region <name>',
      'AWS Region; default: from the key ARN, then AWS_REGION or AWS_DEFAULT_REGION, then the profile',
    ),
  );
}

/** Adds `--region`, which may be repeated, and `--all-regions`, for commands that read whole accounts. */
export function withRegions(command: Command): Command {
  return command
    .option(
      '--region <name>',
      'AWS Region; may be given several times; default: AWS_REGION or AWS_DEFAULT_REGION, then the profile',
      several,
    )
    .addOption(
      new Option(
        '--all-regions',
        'all Regions of the partition; names those that cannot be read',
      ).conflicts('region'),
    );
}

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print the result as JSON');
}

/** Adds `--force`. */
export function withForce(command: Command): Command {
  return command.option('--force', 'replace existing files');
}

/** Adds `--native`. */
export function withNative(command: Command): Command {
  return command.option(
    '--native',
    'write resources of the native plugin in place of those for Node.js, and print them in YAML',
  );
}

/** Collects the values of an option that may be repeated. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Parses an option with a function of the domain. The message of a failure names the option. */
export function parsedBy<T>(rule: (value: string) => T): (value: string) => T {
  return (value) => {
    try {
      return rule(value);
    } catch (error) {
      if (error instanceof ByokError) throw new InvalidArgumentError(`${error.reason}.`);
      throw error;
    }
  };
}

/** Parses a duration such as `30d` into seconds. */
export function duration(name: string): (value: string) => number {
  return parsedBy((value) => parseDuration(value, name));
}
