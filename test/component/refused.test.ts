import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram } from '../support/aws-program';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { offline } from '../support/imported-key-life';
import { ENGINE } from '../support/pulumi-cli';

jest.setTimeout(300_000);

let kms: EmbeddedKms;
let project: AwsProgram;

beforeAll(async () => {
  kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
  project = new AwsProgram(kms);
  project.write('1.bin', randomBytes(32));
});

afterAll(async () => {
  project.remove();
  await kms.close();
});

/** Declares keys with these arguments, in source text. */
function declare(...keys: readonly string[]): void {
  project.program(
    keys
      .map(
        (args, index) =>
          `new byok.ImportedKey('root${index}', { materials: [{ file: '1.bin' }], ${args} });`,
      )
      .join('\n'),
  );
}

const REFUSED: readonly (readonly [string, string, string])[] = [
  ['an argument that does not exist', `validfor: '90d'`, 'UNKNOWN_INPUT'],
  ['a Region in the place of a replica', `replicas: ['us-east-1']`, 'INPUT_INVALID'],
  ['no materials', 'materials: undefined', 'KEY_ARGS'],
  ['a replica in the Region of the stack', `replicas: [{ region: 'eu-west-1' }]`, 'KEY_ARGS'],
  [
    'a policy without users',
    `access: { administrators: ['a'], importers: ['b'], users: pulumi.output([]) }`,
    'KEY_ACCESS',
  ],
  [
    'a policy of everybody',
    `access: { administrators: ['a'], importers: ['b'], users: ['*'] }`,
    'KEY_ACCESS',
  ],
  [
    'a policy with a name that does not exist',
    `access: { administrators: ['a'], importers: ['b'], users: ['c'], mustExpires: true }`,
    'KEY_ACCESS',
  ],
  ['a policy without importers and users', `access: { administrators: ['a'] }`, 'KEY_ACCESS'],
  [
    'a principal that is no list',
    `access: { administrators: 'a', importers: ['b'], users: ['c'] }`,
    'KEY_ACCESS',
  ],
  ['an alias that is no text', 'alias: 5', 'INPUT_INVALID'],
];

describe('when an ImportedKey has arguments that cannot work', () => {
  it.each(REFUSED)(
    '%s is refused by a preview as an error of the key',
    async (_what, args, code) => {
      declare(args);
      const { ok, text } = await (await offline(project)).preview();
      expect(ok).toBe(false);
      expect(text).toContain(`[${code}]`);
      expect(text).toContain('root0');
      expect(text).not.toMatch(/unhandled|^\s+at /m);
    },
  );

  it('the Region of an explicit aws provider is that of the key', async () => {
    project.program(`
      const there = new aws.Provider('there', { region: 'us-east-1' });
      new byok.ImportedKey('root', {
        materials: [{ file: '1.bin' }], replicas: [{ region: 'us-east-1' }],
      }, { providers: [there] });`);
    const { text } = await (await offline(project)).preview();
    expect(text).toContain('[KEY_ARGS]');
  });

  it('an update without a preview creates no key', async () => {
    kms.clearCalls();
    declare(`deletionWindowInDays: 3`);
    const { ok, text } = await (await offline(project)).up();
    expect(ok).toBe(false);
    expect(text).toContain('[INPUT_INVALID]');
    expect(kms.calls).toEqual([]);
  });
});

describeWithPulumi('when the real engine previews such keys', () => {
  it('each error names its key, and none has a stack', async () => {
    expect(ENGINE).toBeDefined();
    const stack = await project.real();
    for (const [, args, code] of REFUSED) {
      declare(args);
      const { ok, output } = await stack.preview();
      expect([args, ok]).toEqual([args, false]);
      expect(output).toContain(`[${code}]`);
      expect(output).toMatch(/ImportedKey \(root0\)|MaterialList \(root0\)/);
      expect(output).not.toMatch(/unhandled|^\s+at /m);
    }
  });
});
