import * as pulumi from '@pulumi/pulumi';
import { createHash } from 'node:crypto';

import { SOURCE_IDENTITIES, SOURCE_KINDS } from '../domain/source-kinds';
import type { MaterialArgs } from '../provider/args';

/**
 * Returns a text that distinguishes the source from other sources of the same key, or null for a source that
 * must not be recorded. The declaration may contain a secret, in an argument of a command or by mistake, so the
 * text has only its hash. The text is itself a secret, because a short secret such as a PIN could be guessed from
 * its hash.
 */
export function sourceIdentity(material: pulumi.Input<MaterialArgs>): pulumi.Output<string | null> {
  return pulumi.output(material).apply((source: unknown): pulumi.Output<string | null> => {
    if (typeof source !== 'object' || source === null) return pulumi.output(null);
    const declared = source as Readonly<Record<string, unknown>>;
    const kind = SOURCE_KINDS.find((each) => declared[each] !== undefined);
    if (kind === undefined) return pulumi.output(null);
    switch (SOURCE_IDENTITIES[kind]) {
      case 'hashed':
        return pulumi.secret(JSON.stringify({ [kind]: hashOf(kind, declared[kind]) }));
      case 'none':
        return pulumi.output(null);
    }
  });
}

function hashOf(kind: string, declared: unknown): string {
  const text = `kms-byok ${kind}\n${JSON.stringify(declared)}`;
  return createHash('sha256').update(text).digest('hex');
}
