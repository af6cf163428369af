import type { OfflineStack } from '../../src/engine';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';

jest.setTimeout(240_000);

let kms: EmbeddedKms;
let project: AwsProgram;
let stack: OfflineStack;

beforeAll(async () => {
  kms = await startKms();
  project = new AwsProgram(kms);
  stack = project.offline({ 'aws:region': 'us-east-1' });
});

afterAll(async () => {
  project.remove();
  await kms.close();
});

describe('when a program has resources of the aws package', () => {
  it('a preview shows what is known, functions answer, and an explicit provider decides', async () => {
    project.program(`
      const there = new aws.Provider('there', {
        region: '${REGION}', accessKey: '444455556666', secretKey: 'x', endpoints: [{ kms: '${kms.url}' }],
      });
      const key = new aws.kms.ExternalKey('k', { description: 'd' }, { provider: there });
      exports.arn = key.arn; exports.id = key.id; exports.description = key.description;
      exports.account = aws.getCallerIdentityOutput().accountId;
      exports.region = aws.getRegionOutput().region;`);
    const preview = await stack.preview();
    expect(preview.outputs).toEqual({
      arn: '[unknown]',
      id: '[unknown]',
      description: 'd',
      account: '111122223333',
      region: 'us-east-1',
    });
    const { outputs } = await stack.up();
    expect(outputs.arn).toMatch(new RegExp(`^arn:aws:kms:${REGION}:444455556666:key/`));
  });

  it('the option import takes over what exists, unless the program would change it', async () => {
    const { outputs } = await stack.up();
    const adopt = (description: string): void => {
      project.program(`
        const key = new aws.kms.ExternalKey('k', { description: '${description}' }, { import: '${String(outputs.id)}' });
        exports.id = key.id;`);
    };
    const other = new AwsProgram(kms);
    const config = { 'aws:accessKey': '444455556666', 'aws:secretKey': 'x' };
    project.remove();
    project = other;
    stack = other.offline(config);
    adopt('other');
    expect((await stack.up()).diagnostics.join()).toContain('do not match the existing resource');
    adopt('d');
    expect(await stack.up()).toMatchObject({ summary: { import: 1 }, outputs: { id: outputs.id } });
    expect((await stack.up()).summary).toEqual({ same: 1 });
  });
});
