import type { SourceKind } from '../../domain/source-kinds';
import type { OptionalPackage } from '../../aws/secrets';
import type { Diagnosis } from './diagnosis';
import { installedPackage } from './installed-package';

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
  const kms = installedPackage('@aws-sdk/client-kms', from);
  return [
    kms === undefined
      ? {
          name: '@aws-sdk/client-kms',
          verdict: 'problem',
          found: 'not installed',
          remedy: 'install pulumi-kms-byok again, which depends on it',
        }
      : { name: '@aws-sdk/client-kms', verdict: 'ok', found: kms.version },
    ...Object.entries(OPTIONAL).map(([name, source]): Diagnosis => {
      const found = installedPackage(name, from);
      return found === undefined
        ? {
            name,
            verdict: 'skipped',
            found: `not installed; only ${source} needs it`,
          }
        : { name, verdict: 'ok', found: found.version };
    }),
  ];
}
