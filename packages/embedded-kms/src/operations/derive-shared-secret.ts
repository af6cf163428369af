import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { currentPrivateKey } from '../keys/current-material';
import { dryRun } from '../errors/kms-error';
import { findKeyOrAlias } from '../keys/find-key';
import { assertUsage } from '../keys/key-usage';
import { operation } from './shared/operation';
import { refuseRecipient } from './shared/recipient';
import { invalidPublicKey } from '../errors/usage-errors';

/** DeriveSharedSecret: ECDH, whose raw secret is the x coordinate (SP 800-56A §5.7.1.2). */
export const deriveSharedSecret = operation({
  types: {
    KeyId: KEY_ID,
    KeyAgreementAlgorithm: { type: 'string', enum: ['ECDH'], required: true },
    PublicKey: { type: 'blob', min: 1, max: 8192, required: true },
    GrantTokens: GRANT_TOKENS,
    DryRun: { type: 'boolean' },
    Recipient: { type: 'structure', members: {} },
  },
  run(context, input) {
    refuseRecipient(input.Recipient);
    const key = findKeyOrAlias(context, input.KeyId, 'DeriveSharedSecret');
    assertUsage(key, 'KEY_AGREEMENT', 'DeriveSharedSecret');
    const privateKey = currentPrivateKey(key);
    const publicKey = peerKey(input.PublicKey, privateKey);
    if (input.DryRun === true) throw dryRun();
    return {
      KeyId: key.arn,
      SharedSecret: diffieHellman({ privateKey, publicKey }),
      KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
      KeyOrigin: key.origin,
    };
  },
});

/** A DER SubjectPublicKeyInfo on the curve of the key (API reference); OpenSSL checks the point. */
function peerKey(der: Buffer, privateKey: KeyObject): KeyObject {
  const publicKey = parse(der);
  const curve = privateKey.asymmetricKeyDetails?.namedCurve;
  if (publicKey === undefined || publicKey.asymmetricKeyDetails?.namedCurve !== curve) {
    throw invalidPublicKey();
  }
  return publicKey;
}

function parse(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
