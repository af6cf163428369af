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

  it('constructs', async () => {
    project.write('b.bin', randomBytes(32));
    const write = (materials: string, more = '') =>
      project.program(`
      const key = new native.ImportedKey('root', { materials: [${materials}], alias: 'app/root', validFor: '90d', ${more} });
      exports.keyArn = key.keyArn; exports.left = key.rotationsRemaining; exports.keyArns = key.keyArns;`);
    write(`{ file: 'a.bin' }`);
    for (const step of ['preview', 'up'] as const) {
      const { ok, output, summary } = await stack[step]();
      console.log(step, ok, summary, output.slice(-3000));
    }
    write(`{ file: 'a.bin' }, { file: 'b.bin' }`);
    for (const step of ['preview', 'up', 'preview'] as const) {
      const { ok, output, summary } = await stack[step]();
      console.log(step, ok, summary, output.slice(-3000));
    }
    console.log(await stack.outputs(), JSON.stringify((await stack.exportState()).deployment.resources, undefined, 1));
    write(`{ file: 'a.bin' }, { inline: new pulumi.Output([], new Promise((r) => r('x')), Promise.resolve(false), Promise.resolve(false), Promise.resolve([])) }`);
    for (const step of ['preview', 'destroy'] as const) {
      const { ok, output, summary } = await stack[step]();
      console.log(step, ok, summary, output.slice(-3000));
    }
  }, 240_000);
});
