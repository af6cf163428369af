import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import type { PulumiCli } from '../support/pulumi-cli';
import { clientOf, createKey, materialsOf } from '../../packages/embedded-kms/test/support/kms-key';
import { NativeProgram } from './native-program';

describeWithPulumi('the native plugin under the real engine', () => {
  let kms: EmbeddedKms;
  let project: NativeProgram;
  let stack: PulumiCli;
  let keyId: string;

  beforeAll(async () => {
    kms = await startKms();
    project = new NativeProgram(kms);
    stack = await project.real({
      'kms-byok:region': 'eu-west-1',
      'kms-byok:endpoint': kms.url,
    });
    project.write('a.bin', randomBytes(32));
    keyId = await createKey(clientOf(kms, 'eu-west-1'));
  }, 60_000);
  afterAll(async () => {
    project.remove();
    await kms.close();
  });

  it('works', async () => {
    const write = (more: string) =>
      project.program(`
      const m = new native.ImportedKeyMaterial('m', { keyId: '${keyId}', material: { file: 'a.bin' }, ${more} });
      exports.validTo = m.validTo;`);
    write(`validFor: '90d'`);
    for (const step of ['preview', 'up', 'up'] as const) {
      const { ok, output, summary } = await stack[step]();
      console.log(step, ok, summary, output.slice(-6000));
    }
    write(`validFor: '60d'`);
    for (const step of ['preview', 'up', 'refresh', 'destroy'] as const) {
      const { ok, output, summary } = await stack[step]();
      console.log(step, ok, summary, output.slice(-3000));
    }
    console.log(await materialsOf(clientOf(kms, 'eu-west-1'), keyId));
  }, 120_000);
});
