import { needs } from '../errors';
import type { Source, SourceContext } from './source';
import type { SecretsManagerReference } from './source-reference';

/**
 * Reads a secret of AWS Secrets Manager: its bytes, its text, or a member of its text as JSON.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE_JSON`, and `MATERIAL_SOURCE_*` and `KMS_*` of the call
 */
export const secretsManagerSource: Source<SecretsManagerReference, SourceContext> = {
  async read(reference, _held, { connectSecrets, signal }) {
    const secrets = await connectSecrets();
    const { binary, text } = await secrets.getSecret(reference, signal);
    const { jsonKey } = reference;
    if (jsonKey !== undefined) {
      return { bytes: Buffer.from(memberOf(text, jsonKey), 'utf8'), encoding: 'base64' };
    }
    if (binary === undefined) return { bytes: Buffer.from(text ?? '', 'utf8'), encoding: 'base64' };
    const bytes = Buffer.from(binary);
    binary.fill(0);
    return { bytes, encoding: 'raw' };
  },
};

function memberOf(text: string | undefined, jsonKey: string): string {
  const members = parse(text);
  const value = Object.hasOwn(members, jsonKey) ? members[jsonKey] : undefined;
  needs(
    typeof value === 'string',
    'MATERIAL_SOURCE_JSON',
    'the secret is not a JSON object with a text under material.secretsManager.jsonKey: correct jsonKey, or leave it out for a secret that is the material itself',
  );
  return value;
}

// The error of JSON.parse quotes what it read.
function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text ?? '') as Readonly<Record<string, unknown>> | null;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
