import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';
import { wrappingFor } from '../keys/wrapping-matrix';
import { DAY_MILLISECONDS } from '../state/clock';

const TOKEN_MILLISECONDS = DAY_MILLISECONDS; // API reference, ParametersValidTo

/** GetParametersForImport: returns a public key for wrapping and the import token that belongs to it. */
export const getParametersForImport = operation({
  types: {
    KeyId: KEY_ID,
    WrappingAlgorithm: {
      type: 'string',
      enum: [
        'RSAES_PKCS1_V1_5',
        'RSAES_OAEP_SHA_1',
        'RSAES_OAEP_SHA_256',
        'RSA_AES_KEY_WRAP_SHA_1',
        'RSA_AES_KEY_WRAP_SHA_256',
        'SM2PKE',
      ],
      required: true,
    },
    WrappingKeySpec: {
      type: 'string',
      enum: ['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2'],
      required: true,
    },
  },
  async run(context, input) {
    const key = findKey(context, input.KeyId, 'GetParametersForImport');
    const wrapping = wrappingFor(key, input.WrappingAlgorithm, input.WrappingKeySpec);
    const wrappingKey = await context.wrappingKeys.make(context.accountId, wrapping.keySpec);
    const expiresAt = context.now + TOKEN_MILLISECONDS;
    return {
      KeyId: key.arn,
      ImportToken: context.tokens.seal({
        keyArn: key.arn,
        wrappingKeyId: wrappingKey.id,
        wrappingAlgorithm: wrapping.algorithm,
        expiresAt,
      }),
      PublicKey: wrappingKey.publicKey,
      ParametersValidTo: new Date(expiresAt),
    };
  },
});
