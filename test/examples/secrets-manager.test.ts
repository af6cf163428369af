import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomBytes } from 'node:crypto';
import { startKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { REGION } from '../support/aws-program';
import { Example } from '../support/example';
import { contentsBelow } from '../support/files';
import { clientOf, CREDENTIALS, works } from '../../packages/embedded-kms/test/support/kms-key';
import { motoUrl } from '../support/moto';
import { describeWithPython } from '../support/python-programs';

jest.setTimeout(600_000);

describeWithPython('when the example secrets-manager-source is run', () => {
  it('it imports what the secret holds, which is in no file of the project', async () => {
    const moto = motoUrl();
    const kms = await startKms();
    const material = randomBytes(32);
    const secrets = new SecretsManagerClient({
      endpoint: moto,
      region: REGION,
      credentials: CREDENTIALS,
    });
    await secrets.send(
      new CreateSecretCommand({ Name: 'kms-byok/material', SecretBinary: material }),
    );
    const example = new Example('secrets-manager-source', kms);
    const stack = await example.start({
      'aws:endpoints': JSON.stringify([{ kms: kms.url, secretsmanager: moto }]),
    });
    const report = await stack.up();
    if (!report.ok) throw new Error(report.text);
    expect(report.diagnostics).toEqual([]);
    expect(Object.keys(report.outputs).sort()).toEqual(example.promisedOutputs());
    const client = clientOf(kms);
    expect(await works(client, report.outputs.keyArn as string)).toBe(true);
    for (const { name, content } of contentsBelow(example.folder)) {
      expect([name, searchMaterial(material, content)]).toEqual([name, []]);
    }
    client.destroy();
    secrets.destroy();
    example.remove();
    await kms.close();
  });
});
