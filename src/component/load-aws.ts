import type * as aws from '@pulumi/aws';
import { createRequire } from 'node:module';

import { ByokError } from '../errors';

/**
 * Loads `@pulumi/aws`, which is optional: only `ImportedKey` needs it.
 *
 * @throws {@link ByokError} `PACKAGE_MISSING`
 */
export function loadAws(): typeof aws {
  try {
    return createRequire(__filename)('@pulumi/aws') as typeof aws;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new ByokError(
      'PACKAGE_MISSING',
      'ImportedKey creates its key with @pulumi/aws, which is not installed: npm install @pulumi/aws',
      { cause },
    );
  }
}
