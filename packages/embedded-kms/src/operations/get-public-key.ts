import { GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { pendingImport } from '../errors/kms-error';
import { findKeyOrAlias } from '../keys/find-key';
import { isAsymmetric } from '../crypto/key-specs';
import { algorithmsOf } from '../keys/key-usage';
import { operation } from './shared/operation';
import { noPublicKey } from '../errors/usage-errors';

/**
 * GetPublicKey. AWS's table allows it on a key that is PendingImport: the public key stays when the
 * private one is deleted. The answer before the first import is not documented; the key has no public
 * key then, so the answer is the error of other operations (inferred).
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
