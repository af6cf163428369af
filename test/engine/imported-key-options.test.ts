import { DescribeKeyCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms } from 'embedded-kms';
import { AwsProgram } from '../support/aws-program';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeWithPulumi } from '../support/describe-with-pulumi';

jest.setTimeout(600_000);

describeWithPulumi('when a program gives options to an ImportedKey under the real engine', () => {
  it('its transforms, providers and aliases reach the children', async () => {
    const kms = await startKms();
    const project = new AwsProgram(kms);
    project.write('material.bin', randomBytes(32));
    const write = (name: string, opts: string): void => {
      project.program(`
        const there = new aws.Provider('there', { region: 'eu-north-1', endpoints: [{ kms: '${kms.url}' }] });
        const transform = ({ type, props, opts }) =>
          type === 'aws:kms/externalKey:ExternalKey'
            ? { props: { ...props, tags: { by: 'transform' } }, opts } : undefined;
        const key = new byok.ImportedKey('${name}', { materials: [{ file: 'material.bin' }] },
          { providers: [there], transforms: [transform], ${opts} });
        exports.keyId = key.keyId; exports.keyArns = key.keyArns;`);
    };
    const stack = await project.real();
    write('root', '');
    const created = await stack.up();
    if (!created.ok) throw new Error(created.output);
    const { keyId, keyArns } = (await stack.outputs()) as {
      keyId: string;
      keyArns: Record<string, string>;
    };
    const client = clientOf(kms, 'eu-north-1');
    expect(Object.keys(keyArns)).toEqual(['eu-north-1']);
    expect(await works(client, keyId)).toBe(true);
    const { Tags } = await client.send(new ListResourceTagsCommand({ KeyId: keyId }));
    expect(Tags).toEqual([{ TagKey: 'by', TagValue: 'transform' }]);

    write('renamed', `aliases: [{ name: 'root' }]`);
    const renamed = await stack.up();
    if (!renamed.ok) throw new Error(renamed.output);
    expect(Object.keys(renamed.summary)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/create|replace|delete/)]),
    );
    expect(await stack.outputs()).toMatchObject({ keyId });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
    client.destroy();
    project.remove();
    await kms.close();
  });
});
