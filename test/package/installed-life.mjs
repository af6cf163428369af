// Runs in a project that installed the packed packages: a whole life of a resource with nothing but
// what was installed. Arguments: folders of the program that creates it, of the same one that updates
// it, and of the same one that changes nothing. Prints what happened as JSON.
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { startKms } from 'embedded-kms';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OfflineStack, searchMaterial } from 'pulumi-offline-engine';

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
const [creating, updating, repeating] = process.argv.slice(2);
const run = async (projectDir, operation, config) => {
  const stack = new OfflineStack({
    projectDir,
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
const created = await run(creating, 'up', {});
const afterCreate = await works();
const updated = await run(updating, 'up', { validTo });
const unchanged = await run(repeating, 'up', { validTo });
const found = searchMaterial(material, existsSync(stateFile) ? readFileSync(stateFile) : '');
const destroyed = await run(repeating, 'destroy', { validTo });
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
