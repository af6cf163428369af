import type { OptionalPackage } from '../../aws/secrets';
import type { SourceKind } from '../../domain/source-kinds';
import { ok, problem, skipped, type Diagnosis } from './diagnosis';
import { installedPackage } from './installed-package';

const KMS = '@aws-sdk/client-kms';
const OPTIONAL = {
  '@aws-sdk/client-secrets-manager': 'material.secretsManager',
  '@aws-sdk/client-ssm': 'material.ssmParameter',
} as const satisfies Readonly<Record<OptionalPackage, `material.${SourceKind}`>>;

/**
 * Checks the AWS clients.
 *
 * @param from - a folder of this package
 */
export function diagnoseSdk(from: string): Diagnosis[] {
  const kms = installedPackage(KMS, from);
  return [
    kms === undefined
      ? problem(KMS, 'not installed', 'install pulumi-kms-byok again, which depends on it')
      : ok(KMS, kms.version),
    ...Object.entries(OPTIONAL).map(([name, source]) => {
      const found = installedPackage(name, from);
      return found === undefined
        ? skipped(name, `not installed; only ${source} needs it`)
        : ok(name, found.version);
    }),
  ];
}
