import * as z from 'zod';
import { omitUndefined } from '../domain/omit-undefined';
import { assert } from '../errors';
import type { SsmParameterReference } from './references';
import type { RemoteSource } from './source';

const ssmParameter = z
  .strictObject({
    name: z.string().min(1),
    version: z.number().int().min(1),
    region: z.string().min(1),
  })
  .partial();

export interface SsmParameterDeclared {
  readonly ssmParameter: z.infer<typeof ssmParameter>;
}

/**
 * Reads a SecureString of AWS Systems Manager Parameter Store. Refuses other types, which are stored in
 * clear.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE_ERROR`, and `MATERIAL_SOURCE_*` and `KMS_*` of the call
 */
export const ssmSource: RemoteSource<SsmParameterDeclared, SsmParameterReference> = {
  members: { ssmParameter },
  reference: {
    name: z.string(),
    version: z.number().optional(),
    region: z.string().optional(),
  },
  isLocal: false,
  isReadable: true,
  encoding: 'base64',
  refer({ ssmParameter: { name, ...rest } }) {
    assert(
      name !== undefined,
      'MATERIAL_SOURCE',
      'material.ssmParameter.name is missing: give the name or the ARN of the parameter',
    );
    return { kind: 'ssmParameter', ...omitUndefined({ name, ...rest }) };
  },
  async read(reference, _declared, { connectSecrets, signal }) {
    const secrets = await connectSecrets();
    const { type, value } = await secrets.getParameter(reference, signal);
    assert(
      type === 'SecureString',
      'MATERIAL_SOURCE_ERROR',
      'material.ssmParameter is not a SecureString, so the material in it is stored in clear: store it as a SecureString',
    );
    return { bytes: Buffer.from(value, 'utf8'), encoding: 'base64' };
  },
};
