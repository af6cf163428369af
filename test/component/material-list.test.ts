import { createHash, randomBytes } from 'node:crypto';
import { startKms } from 'embedded-kms';
import { AwsProgram } from '../support/aws-program';
import { contentsBelow } from '../support/files';
import { offline } from '../support/imported-key-life';

jest.setTimeout(120_000);

describe('when the materials of an ImportedKey come from commands', () => {
  it('their order is kept, and not even the hash of their arguments is plain in state', async () => {
    const kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
    const project = new AwsProgram(kms);
    for (const number of [1, 2]) project.write(`${number}.bin`, randomBytes(32));
    const commands = [1, 2].map((number) => ['cat', `${number}.bin`]);
    const write = (list: readonly string[][]): void => {
      const materials = list.map((command) => ({ command }));
      project.program(`new byok.ImportedKey('root', { materials: ${JSON.stringify(materials)} });`);
    };
    const engine = await offline(project);
    write(commands);
    const created = await engine.up();
    expect(created.ok ? '' : created.text).toBe('');
    expect(Object.keys((await engine.up()).summary)).toEqual(['same']);
    const written = contentsBelow(project.engineFolder);
    expect(written.map(({ content }) => content.toString()).join()).toContain('MaterialList');
    for (const command of commands) {
      const text = `kms-byok command\n${JSON.stringify(command)}`;
      const hash = createHash('sha256').update(text).digest('hex');
      for (const { content } of written) expect(content.includes(hash)).toBe(false);
    }
    write([...commands].reverse());
    const refused = await engine.preview();
    expect(refused.ok).toBe(false);
    expect(refused.text).toContain('[MATERIALS_NOT_APPENDED]');
    project.remove();
    await kms.close();
  });
});
