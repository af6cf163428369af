import * as pulumi from '@pulumi/pulumi';
import { createHash } from 'node:crypto';

import type { MaterialArgs } from '../provider/args';

/**
 * Where material comes from, as a text that tells it from other material of the same key; null for inline
 * material, of which nothing may be recorded. Of a command, whose arguments may be secret, a hash, itself
 * a secret: a short secret such as a PIN could be found from its hash.
 */
export function sourceIdentity(material: pulumi.Input<MaterialArgs>): pulumi.Output<string | null> {
  return pulumi.output(material).apply((source: unknown) => {
    const text = placeOf(source);
    return isCommand(source) ? pulumi.secret(text) : pulumi.output(text);
  });
}

const isCommand = (source: unknown): boolean =>
  (source as { readonly command?: unknown } | null | undefined)?.command !== undefined;

function placeOf(source: unknown): string | null {
  if (typeof source !== 'object' || source === null) return null;
  const { file, env, command, secretsManager, ssmParameter } = source as Record<string, unknown>;
  if (file !== undefined) return JSON.stringify({ file });
  if (env !== undefined) return JSON.stringify({ env });
  if (command !== undefined) return JSON.stringify({ command: sha256(JSON.stringify(command)) });
  if (secretsManager !== undefined) return JSON.stringify({ secretsManager });
  return ssmParameter === undefined ? null : JSON.stringify({ ssmParameter });
}

function sha256(text: string): string {
  return createHash('sha256').update(`kms-byok command\n${text}`).digest('hex');
}
