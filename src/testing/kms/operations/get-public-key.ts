import { GRANT_TOKENS, KEY_ID } from '../common-shapes';
import { pendingImport } from '../errors';
import { findKeyOrAlias } from '../find-key';
import { isAsymmetric } from '../key-specs';
import { algorithmsOf } from '../key-usage';
import { operation } from '../operation';
import { noPublicKey } from '../usage-errors';

/**
 * GetPublicKey. AWS's table allows it on a key that is PendingImport: the public key stays when the
 * private one is deleted. What it answers before the first import is not documented; there is
 * nothing to answer, so this says what other operations say (inferred).
 */
export const getPublicKey = operation({
  types: { KeyId: KEY_ID, GrantTokens: GRANT_TOKENS },
  run(context, input) {
    const key = findKeyOrAlias(context, input.KeyId, 'GetPublicKey');
    if (!isAsymmetric(key)) throw noPublicKey(key.arn, key.keySpec);
    const publicKey = key.materials.find(({ id }) => id === key.currentMaterialId)?.publicKey;
    if (publicKey === undefined) throw pendingImport(key.arn);
    return {
      KeyId: key.arn,
      PublicKey: Buffer.from(publicKey, 'base64'),
      CustomerMasterKeySpec: key.keySpec,
      KeySpec: key.keySpec,
      KeyUsage: key.keyUsage,
      ...algorithmsOf(key),
    };
  },
});
