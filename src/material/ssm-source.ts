import { needs } from '../errors';
import type { Source, SourceContext } from './source';
import type { SsmParameterReference } from './source-reference';

/**
 * Reads a SecureString of AWS Systems Manager Parameter Store. Other types are refused: they keep
 * what they hold in clear.
 *
 * @throws {@link ByokError} `MATERIAL_SSM_TYPE`, and `MATERIAL_SOURCE_*` and `KMS_*` of the call
 */
export const ssmSource: Source<SsmParameterReference, SourceContext> = {
  encoding: 'base64',
  async read(reference, _held, { connectSecrets, signal }) {
    const secrets = await connectSecrets();
    const { type, value } = await secrets.getParameter(reference, signal);
    needs(
      type === 'SecureString',
      'MATERIAL_SSM_TYPE',
      'material.ssmParameter is not a SecureString, so that the material stands in it in clear: store it as a SecureString',
    );
    return { bytes: Buffer.from(value, 'utf8'), encoding: 'base64' };
  },
};
