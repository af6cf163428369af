// Runs in a project that installed the packed package: a whole life of a resource with nothing but
// what was installed. Arguments: the folder of the Pulumi program. Prints what happened as JSON.
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OfflineStack, searchMaterial, startKms } from 'pulumi-kms-byok/testing';

const folder = mkdtempSync(join(tmpdir(), 'byok-installed-'));
const materialFile = join(folder, 'material.bin');
const material = randomBytes(32);
writeFileSync(materialFile, material);
const kms = await startKms();
const client = new KMSClient({
  endpoint: kms.url,
  region: 'eu-west-1',
  credentials: { accessKeyId: '111122223333', secretAccessKey: 'x' },
});
const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
const stateFile = join(folder, 'state.json');
const run = async (operation, config) => {
  const stack = new OfflineStack({
    projectDir: process.argv[2],
    stateFile,
    config: {
      keyId: KeyMetadata.Arn,
      materialFile,
      'aws:region': 'eu-west-1',
      'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
      ...config,
    },
    env: { AWS_ACCESS_KEY_ID: '111122223333', AWS_SECRET_ACCESS_KEY: 'x' },
  });
  const { ok, summary, lines } = await stack[operation]();
  return { ok, summary, lines };
};
const works = () =>
  client.send(new EncryptCommand({ KeyId: KeyMetadata.Arn, Plaintext: Buffer.from('x') })).then(
    () => true,
    () => false,
  );

const validTo = new Date(Date.now() + 86_400_000).toISOString();
const created = await run('up', {});
const afterCreate = await works();
const updated = await run('up', { validTo });
const unchanged = await run('up', { validTo });
const found = searchMaterial(material, existsSync(stateFile) ? readFileSync(stateFile) : '');
const destroyed = await run('destroy', { validTo });
process.stdout.write(
  JSON.stringify({
    created,
    updated,
    unchanged,
    destroyed,
    worked: [afterCreate, await works()],
    found,
  }),
);
client.destroy();
await kms.close();
rmSync(folder, { recursive: true });
