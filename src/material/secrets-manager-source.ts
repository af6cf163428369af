import * as z from 'zod';
import { omitUndefined } from '../domain/omit-undefined';
import { assert } from '../errors';
import { jsonMembers } from './json-members';
import type { SecretsManagerReference } from './references';
import type { RemoteSource } from './source';

const text = z.string().min(1);
const secretsManager = z
  .strictObject({
    secretId: text,
    versionId: text,
    versionStage: text,
    jsonKey: text,
    region: text,
  })
  .partial();

export interface SecretsManagerDeclared {
  readonly secretsManager: z.infer<typeof secretsManager>;
}

/**
 * Reads a secret of AWS Secrets Manager: its bytes, its text, or a member of its text as JSON.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE_ERROR`, and `MATERIAL_SOURCE_*` and `KMS_*` of the call
 */
export const secretsManagerSource: RemoteSource<SecretsManagerDeclared, SecretsManagerReference> = {
  members: { secretsManager },
  reference: {
    secretId: z.string(),
    versionId: z.string().optional(),
    versionStage: z.string().optional(),
    jsonKey: z.string().optional(),
    region: z.string().optional(),
  },
  isLocal: false,
  isReadable: true,
  encoding: undefined,
  refer({ secretsManager: { secretId, versionId, versionStage, ...rest } }) {
    assert(
      secretId !== undefined,
      'MATERIAL_SOURCE',
      'material.secretsManager.secretId is missing: give the name or the ARN of the secret',
    );
    assert(
      versionId === undefined || versionStage === undefined,
      'MATERIAL_SOURCE',
      'material.secretsManager names a version by its versionId or by its versionStage, but not by both: remove one of them',
    );
    return {
      kind: 'secretsManager',
      ...omitUndefined({ secretId, versionId, versionStage, ...rest }),
    };
  },
  async read(reference, _declared, { connectSecrets, signal }) {
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
  const members = jsonMembers(text ?? '');
  const value = Object.hasOwn(members, jsonKey) ? members[jsonKey] : undefined;
  assert(
    typeof value === 'string',
    'MATERIAL_SOURCE_ERROR',
    'the secret is not a JSON object with a text at material.secretsManager.jsonKey: correct jsonKey, or leave it out if the secret is the material itself',
  );
  return value;
}
