import { ListKeysCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { AwsProgram } from '../support/aws-program';
import { describeWithPulumi } from '../support/describe-with-pulumi';

jest.setTimeout(240_000);

const GUIDE = join(__dirname, '..', '..', 'docs', 'how-to', 'rotate.md');

// As the guide says it.
const OPTIONS = (() => {
  const [, options = ''] = /^pulumi up (--exclude.*)$/m.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  return options.split(' ').map((option) => option.replace(/^'|'$/g, ''));
})();

describeWithPulumi('when an update excludes a rotation', () => {
  let kms: EmbeddedKms;
  let client: KMSClient;
  let project: AwsProgram;

  beforeEach(async () => {
    kms = await startKms({ rotationSeconds: 1 });
    client = clientOf(kms);
    project = new AwsProgram(kms);
  });

  afterEach(async () => {
    client.destroy();
    project.remove();
    await kms.close();
  });

  const declare = (...files: string[]): void => {
    for (const file of files) project.write(file, randomBytes(32));
    declared.push(...files);
    project.program(
      `new byok.ImportedKey('app', {
         materials: ${JSON.stringify(declared.map((file) => ({ file })))},
         alias: 'app',
       });`,
    );
  };
  const declared: string[] = [];
  const states = async (): Promise<unknown[]> => {
    const { Keys } = await client.send(new ListKeysCommand({}));
    expect(Keys).toHaveLength(1);
    const keyId = Keys![0]!.KeyId!;
    expect(await works(client, keyId)).toBe(true);
    return (await materialsOf(client, keyId)).map(({ KeyMaterialState }) => KeyMaterialState);
  };

  it('the material is staged, and the next update rotates to it', async () => {
    const stack = await project.real();
    declare('first.bin');
    expect(await stack.up()).toMatchObject({ ok: true });
    declare('second.bin');
    const excluding = await stack.up(...OPTIONS);
    expect(excluding.ok).toBe(true);
    expect(await states()).toEqual(['CURRENT', 'PENDING_ROTATION']);
    expect(await stack.up()).toMatchObject({ ok: true });
    expect(await states()).toEqual(['NON_CURRENT', 'CURRENT']);
    expect((await stack.up()).changes).toEqual([]);
  });
});
