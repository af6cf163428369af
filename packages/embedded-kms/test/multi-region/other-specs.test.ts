import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  GenerateMacCommand,
  GetPublicKeyCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { createKey, describeKey, importMaterial } from '../support/world';
import { regionsForAll, replicate, REPLICATION } from './regions';

const { world, there } = regionsForAll();

describe('when a key that is not symmetric is replicated', () => {
  it('verifies a MAC where it was not made', async () => {
    const { KeyId: keyId } = await createKey(world, {
      Origin: 'EXTERNAL',
      MultiRegion: true,
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
    });
    const secret = randomBytes(32);
    await importMaterial(world, keyId, secret);
    await replicate(world, keyId);
    world.clock.advance(REPLICATION);
    await expect(importMaterial(there, keyId, randomBytes(32))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await importMaterial(there, keyId, secret);
    const request = {
      KeyId: keyId,
      Message: Buffer.from('m'),
      MacAlgorithm: 'HMAC_SHA_256',
    } as const;
    const { Mac } = await world.client.send(new GenerateMacCommand(request));
    const answer = await there.client.send(new VerifyMacCommand({ ...request, Mac }));
    expect(answer.MacValid).toBe(true);
    expect(await describeKey(there, keyId)).not.toHaveProperty('CurrentKeyMaterialId');
  });

  it('verifies a signature where it was not made, and has the same public key', async () => {
    const { KeyId: keyId } = await createKey(world, {
      Origin: 'EXTERNAL',
      MultiRegion: true,
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    await importMaterial(world, keyId, pkcs8);
    await replicate(world, keyId);
    world.clock.advance(REPLICATION);
    await importMaterial(there, keyId, pkcs8);
    const request = {
      KeyId: keyId,
      Message: Buffer.from('m'),
      SigningAlgorithm: 'ECDSA_SHA_256',
    } as const;
    const { Signature } = await world.client.send(new SignCommand(request));
    const answer = await there.client.send(new VerifyCommand({ ...request, Signature }));
    expect(answer.SignatureValid).toBe(true);
    const { PublicKey } = await there.client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    expect(Buffer.from(PublicKey!)).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
  });
});
