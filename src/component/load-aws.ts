import type * as aws from '@pulumi/aws';
import { createRequire } from 'node:module';

import { ByokError } from '../errors';

/** The members of `@pulumi/aws` that the component uses. */
export interface AwsClasses {
  readonly kms: Pick<typeof aws.kms, 'Alias' | 'ExternalKey' | 'ReplicaExternalKey'>;
  readonly cloudwatch: Pick<typeof aws.cloudwatch, 'EventRule' | 'EventTarget' | 'MetricAlarm'>;
  readonly config: Pick<typeof aws.config, 'region'>;
}

/**
 * Loads `@pulumi/aws`, which is optional: only `ImportedKey` needs it.
 *
 * @throws {@link ByokError} `PACKAGE_MISSING`
 */
export function loadAws(): AwsClasses {
  try {
    return createRequire(__filename)('@pulumi/aws') as AwsClasses;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new ByokError(
      'PACKAGE_MISSING',
      'ImportedKey creates its key with @pulumi/aws, which is not installed: npm install @pulumi/aws',
      { cause },
    );
  }
}
