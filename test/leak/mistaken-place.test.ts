import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { AwsProgram } from '../support/aws-program';
import { describeWithPulumi } from '../support/describe-with-pulumi';
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

const SOURCES: readonly [string, (text: string) => object][] = [
  ['env', (text) => ({ env: text })],
  ['file', (text) => ({ file: text })],
  ['ssmParameter', (text) => ({ ssmParameter: { name: text } })],
  ['secretsManager', (text) => ({ secretsManager: { secretId: text } })],
  ['wrapped', (text) => ({ wrapped: { bundle: text, ciphertext: text, id: text } })],
  [
    'pkcs11',
    (text) => ({ pkcs11: { module: '/lib/hsm.so', tokenLabel: 'vault', keyLabel: text } }),
  ],
  ['command', (text) => ({ command: ['cat', text] })],
  ['wrapCommand', (text) => ({ wrapCommand: ['cat', text] })],
];

describe('when a program gives the material in the place of a name', () => {
  it.each(SOURCES)(
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

describeWithPulumi('when it does so under the real engine', () => {
  it('a preview with its events, an update without one and its history have nothing of any source', async () => {
    const materials = SOURCES.map(() => randomBytes(32));
    // All of them are registered before the first is refused.
    project.program(
      SOURCES.map(([kind, source], index) => {
        const declared = JSON.stringify(source(materials[index]!.toString('base64')));
        return `new byok.ImportedKey('${kind}', { materials: [${declared}] });`;
      }).join('\n'),
    );
    const stack = await project.real();
    const reports = [await stack.preview(), await stack.up(), await stack.preview()];
    expect(reports.map(({ ok }) => ok)).toEqual([false, false, false]);
    const contents = [
      ...contentsBelow(project.engineFolder),
      { name: 'reports', content: Buffer.from(JSON.stringify(reports)) },
      { name: 'state', content: Buffer.from(JSON.stringify(await stack.exportState())) },
    ];
    expect(contents.map(({ name }) => name).join()).toContain('history');
    for (const { name, content } of contents) {
      const found = materials.flatMap((material) => searchMaterial(material, content));
      expect([name, found]).toEqual([name, []]);
    }
  });
});
