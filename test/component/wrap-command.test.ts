import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { AwsProgram, REGION } from '../support/aws-program';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { writeDocumentedScript } from '../support/documented-script';
import { contentsBelow } from '../support/files';
import type { PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(240_000);

describeWithPulumi('when a command wraps the materials of an ImportedKey', () => {
  const materials = [randomBytes(32), randomBytes(32)];
  let kms: EmbeddedKms;
  let client: KMSClient;
  let project: AwsProgram;
  let stack: PulumiCli;

  beforeAll(async () => {
    kms = await startKms({ rotationSeconds: 0 });
    client = clientOf(kms, REGION);
    project = new AwsProgram(kms);
    writeDocumentedScript('wrap-command.md', 'OpenSSL', project.programFolder);
    stack = await project.real();
    materials.forEach((bytes, index) => project.write(`${index}.bin`, bytes));
  });

  afterAll(async () => {
    client.destroy();
    project.remove();
    await kms.close();
  });

  const write = (count: number, args = ''): void => {
    const commands = materials
      .slice(0, count)
      .map((_, index) => `{ wrapCommand: ['./wrap-with-openssl.sh', '${index}.bin'] }`);
    project.program(
      `const key = new byok.ImportedKey('root', {
         materials: [${commands.join(', ')}], shredOnDestroy: true, ${args}
       }, { protect: false });
       exports.keyId = key.keyId;`,
    );
  };
  const up = async (): Promise<string[]> => {
    kms.clearCalls();
    const { ok, output } = await stack.up();
    if (!ok) throw new Error(output);
    return kms.calls
      .map(({ operation }) => operation)
      .filter((operation) => /^(?:Import|Rotate)/.test(operation));
  };

  it('it is created, kept, renewed, rotated and deleted, and nothing has a material', async () => {
    write(1);
    expect(await up()).toEqual(['ImportKeyMaterial']);
    expect(await up()).toEqual([]);
    const { keyId } = (await stack.outputs()) as { keyId: string };
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('first') }),
    );

    write(1, "validFor: '90d',");
    expect(await up()).toEqual(['ImportKeyMaterial']);

    write(2, "validFor: '90d',");
    expect(await up()).toEqual(['ImportKeyMaterial', 'RotateKeyOnDemand']);
    expect(await up()).toEqual([]);
    const states = (await materialsOf(client, keyId)).map((one) => one.KeyMaterialState);
    expect(states).toEqual(['NON_CURRENT', 'CURRENT']);
    const decrypted = await client.send(new DecryptCommand({ KeyId: keyId, CiphertextBlob }));
    expect(Buffer.from(decrypted.Plaintext!).toString()).toBe('first');

    expect((await stack.refresh()).ok).toBe(true);
    expect(await up()).toEqual([]);
    const found = contentsBelow(project.engineFolder).flatMap(({ name, content }) =>
      materials.flatMap((bytes) => searchMaterial(bytes, content).map(() => name)),
    );
    expect(found).toEqual([]);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await works(client, keyId)).toBe(false);
  });
});
