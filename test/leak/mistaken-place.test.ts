import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { AwsProgram } from '../support/aws-program';
import { contentsBelow } from '../support/files';

jest.setTimeout(300_000);

let kms: EmbeddedKms;
let project: AwsProgram;

beforeEach(async () => {
  kms = await startKms();
  project = new AwsProgram(kms);
});

afterEach(async () => {
  project.remove();
  await kms.close();
});

describe('when a program gives the material in the place of a name', () => {
  it.each<[string, (text: string) => object]>([
    ['env', (text) => ({ env: text })],
    ['file', (text) => ({ file: text })],
    ['ssmParameter', (text) => ({ ssmParameter: { name: text } })],
    ['secretsManager', (text) => ({ secretsManager: { secretId: text } })],
    ['wrapped', (text) => ({ wrapped: { bundle: text, ciphertext: text, id: text } })],
    ['command', (text) => ({ command: ['cat', text] })],
  ])(
    'an update of an ImportedKey without a preview leaves nothing of %s',
    async (_kind, source) => {
      const material = randomBytes(32);
      const text = material.toString('base64');
      project.program(
        `new byok.ImportedKey('root', { materials: [${JSON.stringify(source(text))}] });`,
      );
      const stack = project.offline();
      const report = await stack.up();
      expect(report.ok).toBe(false);
      expect(searchMaterial(material, Buffer.from(JSON.stringify(report)))).toEqual([]);
      for (const { name, content } of contentsBelow(project.engineFolder)) {
        expect([name, searchMaterial(material, content)]).toEqual([name, []]);
      }
    },
  );
});
