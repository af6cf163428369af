import type { KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

let kms: EmbeddedKms;
let client: KMSClient;
let keyArn: string;
let keyId: string;
const material = { inline: randomBytes(32).toString('base64') };

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
  keyArn = await createKey(client);
  keyId = keyArn.slice(keyArn.lastIndexOf('/') + 1);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

describe('when keyId is stored', () => {
  it('the outputs contain an ARN only once, as keyArn, and a refresh does not change that', async () => {
    const life = new ResourceLife({ kms });
    await life.up({ keyId: keyArn, material });
    expect(life.outs).toMatchObject({ keyArn });
    expect(life.outs).not.toHaveProperty('keyId');
    await life.refresh();
    expect(life.outs).not.toHaveProperty('keyId');
    expect(await life.up({ keyId: keyArn, material })).toBe('same');
  });

  it('the ID instead of the ARN is recorded without a call, and back', async () => {
    const life = new ResourceLife({ kms });
    await life.up({ keyId: keyArn, material });
    kms.clearCalls();
    expect(await life.up({ keyId, material })).toBe('update');
    expect(life.outs).toMatchObject({ keyId });
    expect(await life.up({ keyId, material })).toBe('same');
    expect(await life.up({ keyId: keyArn, material })).toBe('update');
    expect(life.outs).not.toHaveProperty('keyId');
    expect(kms.calls).toHaveLength(0);
  });

  it('state that holds the ARN twice, as earlier versions wrote it, sees no change', async () => {
    const life = new ResourceLife({ kms });
    await life.up({ keyId: keyArn, material });
    life.outs = { ...life.outs, keyId: keyArn };
    expect(await life.preview({ keyId: keyArn, material })).toBe('same');
  });
});
