import * as pulumi from '@pulumi/pulumi';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import * as byok from '../../src/index';

const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

describe('when a program is tested with the mocks of Pulumi', () => {
  it('mocks that only repeat the inputs are enough', async () => {
    // As the guide of Pulumi has them.
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: inputs as object }),
      call: ({ inputs }) => inputs as object,
    });
    const key = new byok.ImportedKey('root', {
      materials: [{ file: '1.bin' }, { file: '2.bin' }],
      alias: 'app/root',
      validFor: '90d',
      alarm: { daysBefore: 14 },
      replicas: [{ region: 'us-east-1' }],
    });
    expect(await resolved(key.keyId)).toBe('root_id');
    expect(await resolved(key.keyArns)).toEqual({});
    expect(await resolved(key.earliestExpiry)).toBeUndefined();
    await pulumi.runtime.disconnect();
  });

  it('the test in the documentation passes, and prints what it says', async () => {
    const page = readFileSync(join(__dirname, '../../docs/how-to/test-your-stack.md'), 'utf8');
    const text = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
      .map(([, block]) => block!)
      .find((block) => block.includes('setMocks'))!;
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const load = (name: string): unknown => (name === 'pulumi-kms-byok' ? byok : pulumi);
    const exported: { test?: () => Promise<void> } = {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a page is no module
    const run = new Function('require', 'exports', outputText) as (
      require: unknown,
      exports: object,
    ) => void;
    run(load, exported);
    const log = jest.spyOn(console, 'log').mockReturnValue();
    await exported.test!();
    const printed = log.mock.calls[0];
    log.mockRestore();
    expect(printed).toEqual([
      { 'eu-central-1': expect.stringContaining(':key/') as string },
      [{ team: 'keys' }],
    ]);
    await pulumi.runtime.disconnect();
  });
});
