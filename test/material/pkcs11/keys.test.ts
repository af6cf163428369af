import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { fingerprint, publicKeyFingerprint } from '../../../src/domain/fingerprint';
import type { ImportableKeySpec } from '../../../src/domain/key-specs';
import type { ByokErrorCode } from '../../../src/errors';
import type { Material } from '../../../src/material/material';
import { SecretMaterial } from '../../../src/material/secret-material';
import { unwrap, wrappingKey } from '../../support/kms-wrapping-key';
import { KEY, KEY_ARN, Run } from '../../support/open-token';
import { describeWithSoftHsm } from '../../support/describe-with-soft-hsm';
import { SoftHsm } from '../../support/soft-hsm';

let hsm: SoftHsm;
let run: Run;

beforeAll(() => {
  hsm = new SoftHsm(['one', 'two', 'two']);
  run = new Run(hsm);
});

afterAll(() => {
  run.close();
  hsm.remove();
});

const refusal = (code: ByokErrorCode, part: string) => ({
  code,
  message: expect.stringContaining(part) as string,
});
const spki = (key: KeyObject): Buffer =>
  (key.type === 'public' ? key : createPublicKey(key)).export({ format: 'der', type: 'spki' });

/** Wraps a key as the import does, and returns the algorithm and what KMS would unwrap. */
async function imported(material: Material, keySpec: ImportableKeySpec) {
  material.assertFits(keySpec, 'eu-central-1');
  const [algorithm] = material.wrappingAlgorithms!;
  const wrapped = await material.wrapFor(wrappingKey(algorithm!), {
    keyArn: KEY_ARN,
    keySpec,
    random: randomBytes,
    signal: new AbortController().signal,
  });
  return { algorithm, plaintext: unwrap(wrapped, algorithm!) };
}

describeWithSoftHsm('when a token has a secret key', () => {
  it('KMS can unwrap what the token wrapped, by the strongest hash that the token has', async () => {
    const value = randomBytes(32);
    hsm.writeAesKey(value, { token: 'one', label: 'aes', id: '0a' });
    const { algorithm, plaintext } = await imported(
      await run.open({ keyLabel: 'aes' }),
      'SYMMETRIC_DEFAULT',
    );
    expect(algorithm).toBe('RSAES_OAEP_SHA_1');
    expect(plaintext).toEqual(value);
  });

  it('it has the fingerprint of its bytes, although they cannot be read', async () => {
    const value = randomBytes(32);
    hsm.writeAesKey(value, { token: 'one', label: 'same', id: '0b' });
    expect(await (await run.open({ keyId: '0B' })).fingerprint(KEY)).toBe(fingerprint(KEY, value));
  });

  it('its check value is computed in the token', async () => {
    const [aes, hmac] = [randomBytes(32), randomBytes(48)];
    hsm.writeAesKey(aes, { token: 'one', label: 'checked', id: '0e' });
    hsm.writeHmacKey(hmac, { token: 'one', label: 'checked-hmac' });
    const inToken = async (keyLabel: string, keySpec: ImportableKeySpec) =>
      (await run.open({ keyLabel })).checkValue({ keySpec, region: 'eu-central-1' });
    const here = (bytes: Buffer, keySpec: ImportableKeySpec) =>
      new SecretMaterial(bytes).checkValue({ keySpec, region: 'eu-central-1' });
    expect(await inToken('checked', 'SYMMETRIC_DEFAULT')).toEqual(
      await here(aes, 'SYMMETRIC_DEFAULT'),
    );
    expect(await inToken('checked-hmac', 'HMAC_384')).toEqual(await here(hmac, 'HMAC_384'));
    await expect(inToken('checked', 'HMAC_256')).rejects.toThrowWithCode('CHECK_VALUE_UNAVAILABLE');
  });

  it('another key that has got its name since it was identified is not wrapped', async () => {
    hsm.writeAesKey(randomBytes(32), { token: 'one', label: 'exchanged', id: '0c' });
    const material = await run.open({ keyLabel: 'exchanged' });
    await material.fingerprint(KEY);
    hsm.delete('one', 'secrkey', 'exchanged');
    hsm.writeAesKey(randomBytes(32), { token: 'one', label: 'exchanged', id: '0c' });
    await expect(imported(material, 'SYMMETRIC_DEFAULT')).rejects.toThrowWithCode(
      'MATERIAL_CHANGED',
    );
  });

  it('an HMAC key of any length that KMS takes is imported', async () => {
    const value = randomBytes(48);
    hsm.writeHmacKey(value, { token: 'one', label: 'hmac' });
    const material = await run.open({ keyLabel: 'hmac' });
    expect((await imported(material, 'HMAC_384')).plaintext).toEqual(value);
    expect(() => {
      material.assertFits('SYMMETRIC_DEFAULT', 'eu-central-1');
    }).toThrowWithCode('MATERIAL_LENGTH');
    expect(() => {
      material.assertFits('RSA_2048', 'eu-central-1');
    }).toThrowWithCode('MATERIAL_KEY_TYPE');
  });

  it('a key that was generated in the token is imported', async () => {
    hsm.generate('AES:32', { token: 'one', label: 'generated', id: '0d' });
    const material = await run.open({ keyLabel: 'generated' });
    const { plaintext } = await imported(material, 'SYMMETRIC_DEFAULT');
    expect(await material.fingerprint(KEY)).toBe(fingerprint(KEY, plaintext));
  });
});

describeWithSoftHsm('when a token has a private key', () => {
  it.each([
    ['RSA_2048', 'rsa:2048'],
    ['ECC_NIST_P384', 'EC:secp384r1'],
    ['ECC_SECG_P256K1', 'EC:secp256k1'],
  ] as const)('%s that was generated in it is imported in two steps', async (keySpec, type) => {
    hsm.generate(type, { token: 'one', label: keySpec, id: Buffer.from(keySpec).toString('hex') });
    const material = await run.open({ keyLabel: keySpec });
    const { algorithm, plaintext } = await imported(material, keySpec);
    expect(algorithm).toBe('RSA_AES_KEY_WRAP_SHA_1');
    const key = createPrivateKey({ key: plaintext, format: 'der', type: 'pkcs8' });
    expect(await material.fingerprint(KEY)).toBe(publicKeyFingerprint(KEY, spki(key)));
  });

  it('an Edwards key is known by its public key, and the token refuses to wrap it', async () => {
    hsm.generate('EC:edwards25519', { token: 'one', label: 'edwards', id: 'ed' });
    const material = await run.open({ keyLabel: 'edwards' });
    const list = hsm.tool('one', '--list-objects', '--type', 'pubkey', '--label', 'edwards');
    const [, point = ''] = /EC_POINT:\s+0420([0-9a-f]{64})/.exec(list) ?? [];
    const publicKey = createPublicKey({
      key: Buffer.from(`302a300506032b6570032100${point}`, 'hex'),
      format: 'der',
      type: 'spki',
    });
    expect(await material.fingerprint(KEY)).toBe(publicKeyFingerprint(KEY, spki(publicKey)));
    await expect(imported(material, 'ECC_NIST_EDWARDS25519')).rejects.toMatchObject(
      refusal('PKCS11_NOT_WRAPPABLE', 'CKR_KEY_NOT_WRAPPABLE'),
    );
  });

  it.each(['prime256v1', 'secp521r1'])(
    'an EC key on %s is refused, because this token would put zero bytes behind it',
    async (namedCurve) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve });
      hsm.writePrivateKey(privateKey, {
        token: 'one',
        label: namedCurve,
        id: namedCurve.length.toString(16).padStart(2, '0'),
      });
      const material = await run.open({ keyLabel: namedCurve });
      expect(() => {
        material.assertFits(undefined, undefined);
      }).toThrowWithCode('PKCS11_NOT_WRAPPABLE');
    },
  );

  it('a preview warns that this token may put zero bytes behind an RSA key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    hsm.writePrivateKey(privateKey, { token: 'one', label: 'warned', id: 'aa' });
    await run.open({ keyLabel: 'warned' });
    expect(run.warnings).toContainEqual(expect.stringMatching(/^warning: .*zero bytes/));
  });

  it('an RSA key has its public part in it, and an EC key needs the public key beside it', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
    hsm.writePrivateKey(
      rsa,
      { token: 'one', label: 'lone rsa', id: 'ab' },
      { withPublicKey: false },
    );
    hsm.writePrivateKey(ec, { token: 'one', label: 'lone ec', id: 'ac' }, { withPublicKey: false });
    const material = await run.open({ keyLabel: 'lone rsa' });
    expect(await material.fingerprint(KEY)).toBe(publicKeyFingerprint(KEY, spki(rsa)));
    await expect(run.open({ keyLabel: 'lone ec' })).rejects.toThrowWithCode('PKCS11_IDENTITY');
  });

  it.each(['EC:secp384r1', 'EC:edwards25519'])(
    'the public key of another pair with the same ID does not name a key (%s)',
    async (type) => {
      const id = type === 'EC:secp384r1' ? '3a' : '4a';
      hsm.generate(type, { token: 'one', label: `mixed ${id}`, id });
      hsm.generate(type, { token: 'one', label: `other ${id}`, id });
      hsm.delete('one', 'pubkey', `mixed ${id}`);
      hsm.delete('one', 'privkey', `other ${id}`);
      const opened = run.open({ keyLabel: `mixed ${id}` });
      await expect(opened).rejects.toThrowWithCode('PKCS11_KEY');
    },
  );

  it.each(['EC:secp384r1', 'EC:edwards25519'])(
    'the public key with its ID is believed where the key may not sign (%s)',
    async (type) => {
      const label = `signs not ${type}`;
      const id = type === 'EC:secp384r1' ? '5a' : '5b';
      const key = { token: 'one', label, type: 'CKO_PRIVATE_KEY' } as const;
      hsm.generate(type, { token: 'one', label, id });
      const before = await (await run.open({ keyLabel: label })).fingerprint(KEY);
      hsm.forbid('SIGN', key);
      expect(() =>
        hsm.tool('one', '--sign', '--mechanism', 'ECDSA', '--id', id, '--input-file', __filename),
      ).toThrow();
      expect(await (await run.open({ keyLabel: label })).fingerprint(KEY)).toBe(before);
      // So a public key of another pair is believed too.
      hsm.generate(type, { token: 'one', label: `other ${id}`, id });
      hsm.delete('one', 'pubkey', label);
      hsm.delete('one', 'privkey', `other ${id}`);
      expect(await (await run.open({ keyLabel: label })).fingerprint(KEY)).not.toBe(before);
    },
  );

  it('another private key that has got its name since is not wrapped', async () => {
    const place = { token: 'one', label: 'pair', id: '2c' };
    const newPair = () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    hsm.writePrivateKey(newPair(), place);
    const material = await run.open({ keyLabel: 'pair' });
    hsm.delete('one', 'privkey', 'pair');
    hsm.delete('one', 'pubkey', 'pair');
    hsm.writePrivateKey(newPair(), place);
    await expect(imported(material, 'ECC_NIST_P384')).rejects.toThrowWithCode('MATERIAL_CHANGED');
  });

  it('a key of another spec is refused', async () => {
    hsm.generate('EC:secp384r1', { token: 'one', label: 'other spec', id: 'ad' });
    const material = await run.open({ keyLabel: 'other spec' });
    expect(() => {
      material.assertFits('RSA_2048', undefined);
    }).toThrowWithCode('MATERIAL_KEY_TYPE');
  });
});

describeWithSoftHsm('when keys and tokens are named', () => {
  it('no key and two keys of one name are refused, and the number is said', async () => {
    hsm.generate('AES:32', { token: 'one', label: 'twin', id: 'b1' });
    hsm.generate('AES:32', { token: 'one', label: 'twin', id: 'b2' });
    await expect(run.open({ keyLabel: 'twin' })).rejects.toMatchObject(
      refusal('PKCS11_KEY', 'has 2 '),
    );
    await expect(run.open({ keyLabel: 'absent' })).rejects.toMatchObject(
      refusal('PKCS11_KEY', 'has no '),
    );
    await expect(run.open({ keyLabel: 'twin', keyId: 'b1' })).resolves.toBeDefined();
  });

  it('a token that is not there, and two tokens of one label, are refused', async () => {
    await expect(run.open({ tokenLabel: 'gone', keyLabel: 'aes' })).rejects.toMatchObject(
      refusal('PKCS11_TOKEN', 'no token'),
    );
    await expect(run.open({ tokenLabel: 'two', keyLabel: 'aes' })).rejects.toMatchObject(
      refusal('PKCS11_TOKEN', '2 tokens'),
    );
  });

  it('a key is found by an ID that looks random, as the SHA-1 of a public key does', async () => {
    const id = '0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b';
    hsm.generate('AES:32', { token: 'one', label: 'by hash', id });
    await expect(run.open({ keyId: id })).resolves.toBeDefined();
    const withColons = id.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
    await expect(run.open({ keyId: withColons })).resolves.toBeDefined();
  });

  it('a token is found by a label that begins with a space', async () => {
    hsm.initToken(' spaced');
    hsm.generate('AES:32', { token: ' spaced', label: 'inside' });
    // SoftHSM lists a new token only to a new process.
    const later = new Run(hsm);
    const opened = later.open({ keyLabel: 'inside', tokenLabel: ' spaced' });
    await opened.finally(() => {
      later.close();
    });
  });

  it('a token is found by its serial number and by its slot', async () => {
    hsm.generate('AES:32', { token: 'one', label: 'placed', id: 'b3' });
    const { slot, serial } = hsm.placeOf('one');
    const key = { tokenLabel: undefined, keyLabel: 'placed' };
    await expect(run.open({ ...key, tokenSerial: serial })).resolves.toBeDefined();
    await expect(run.open({ ...key, slot })).resolves.toBeDefined();
  });

  it.each([
    ['no module', { module: undefined, keyLabel: 'x' }],
    ['no token', { tokenLabel: undefined, keyLabel: 'x' }],
    ['no key', {}],
    ['an id that is not hex', { keyId: 'xyz' }],
    ['an id that is as long as a key', { keyId: randomBytes(32).toString('hex') }],
    ['two sources of a PIN', { keyLabel: 'x', pin: { env: 'A', file: 'b' } }],
    [
      'what looks like key material in place of a label',
      { keyLabel: randomBytes(32).toString('base64') },
    ],
  ])('%s is refused before anything is started', (_what, declared) => {
    expect(() => run.open(declared)).toThrowWithCode('MATERIAL_SOURCE');
  });
});

describeWithSoftHsm('when a secret key has a length that no key takes', () => {
  it('the message speaks of the key, which nobody decodes', async () => {
    hsm.generate('AES:16', { token: 'one', label: 'short', id: 'c5' });
    const material = await run.open({ keyLabel: 'short' });
    const check = (): void => {
      material.assertFits('SYMMETRIC_DEFAULT', 'eu-central-1');
    };
    expect(check).toThrowWithCode('MATERIAL_LENGTH');
    expect(check).not.toThrow(/decod/);
  });
});

describeWithSoftHsm('when a key must not be wrapped', () => {
  it('a key that may no longer leave its token is not wrapped', async () => {
    hsm.generate('AES:32', { token: 'one', label: 'closed', id: 'c6' });
    const material = await run.open({ keyLabel: 'closed' });
    hsm.forbid('EXTRACTABLE', { token: 'one', label: 'closed', type: 'CKO_SECRET_KEY' });
    await expect(imported(material, 'SYMMETRIC_DEFAULT')).rejects.toThrowWithCode(
      'PKCS11_NOT_WRAPPABLE',
    );
  });

  it('a key that is not extractable is refused', async () => {
    hsm.generate('AES:32', { token: 'one', label: 'kept', id: 'c1', isExtractable: false });
    await expect(run.open({ keyLabel: 'kept' })).rejects.toMatchObject(
      refusal('PKCS11_NOT_WRAPPABLE', 'CKA_EXTRACTABLE'),
    );
  });

  it('a key that only trusted keys may wrap is refused', async () => {
    hsm.generateWrappedByTrusted('one', 'trusting');
    await expect(run.open({ keyLabel: 'trusting' })).rejects.toMatchObject(
      refusal('PKCS11_NOT_WRAPPABLE', 'CKA_WRAP_WITH_TRUSTED'),
    );
  });

  it('a mechanism that the token does not have is refused', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    hsm.writePrivateKey(privateKey, { token: 'one', label: 'by luna', id: 'c3' });
    const material = await run.open({ keyLabel: 'by luna', keyWrapMechanism: 0x80000171 });
    await expect(imported(material, 'ECC_NIST_P384')).rejects.toThrowWithCode(
      'PKCS11_NOT_WRAPPABLE',
    );
  });
});
