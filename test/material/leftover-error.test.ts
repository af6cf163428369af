import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { hasHybridKeyExchange } from '../../src/aws/post-quantum';
import { openMaterial } from '../../src/material/open-source';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));

const leaveError = (): void => {
  expect(() => createSecureContext({ ecdhCurve: 'no-such-group' })).toThrow();
};

describe('when another call has left an error in the queue of OpenSSL', () => {
  it('Node.js itself refuses the next private key', () => {
    leaveError();
    expect(() => createPrivateKey(pem)).toThrow();
    expect(createPrivateKey(pem).type).toBe('private');
  });

  it.each([
    ['PEM', pem, 'pem'],
    ['PKCS#8 in DER', privateKey.export({ type: 'pkcs8', format: 'der' }), 'der'],
    ['PKCS#1 in DER', privateKey.export({ type: 'pkcs1', format: 'der' }), 'der'],
    ['JWK', Buffer.from(JSON.stringify(privateKey.export({ format: 'jwk' }))), 'jwk'],
  ] as const)('a private key in %s is read', (_format, content, encoding) => {
    leaveError();
    expect(() => {
      openMaterial(Buffer.from(content), encoding).close();
    }).not.toThrow();
  });

  it('the search for hybrid key exchange leaves none', () => {
    hasHybridKeyExchange();
    expect(createPrivateKey(pem).type).toBe('private');
  });
});
