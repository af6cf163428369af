import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms } from 'embedded-kms';
import { openLocalSource } from '../../src/material/open-source';
import type { LocalReference, SourceReference } from '../../src/material/references';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { AwsProgram } from '../support/aws-program';
import { runCli } from '../cli/run-cli';

// Windows has no such modes.
const describeWithModes = describeUnless(
  process.platform === 'win32' ? 'the modes of files' : undefined,
);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-modes-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function place(name: string, content: Buffer | string, mode: number): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

describeWithModes('when others can read a file with a secret', () => {
  const passphrase = 'words';
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const locked = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase } as const;

  it.each([
    ['material', 0o644, randomBytes(32)],
    ['material', 0o640, randomBytes(32)],
    ['material', 0o604, randomBytes(32)],
    ['a private key in PEM', 0o644, privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['a private key as JWK', 0o644, JSON.stringify(privateKey.export({ format: 'jwk' }))],
  ])('%s of the mode %i is opened, and the warning names it', async (_what, mode, content) => {
    const file = place('secret', content, mode);
    expect(await warningsOf({ kind: 'file', file })).toEqual([expect.stringContaining(file)]);
    chmodSync(file, 0o600);
    expect(await warningsOf({ kind: 'file', file })).toEqual([]);
  });

  it('a file with a passphrase is named too', async () => {
    const file = place('locked', privateKey.export(locked), 0o600);
    const opener = place('passphrase', `${passphrase}\n`, 0o644);
    const reference = { kind: 'file', file, passphrase: { kind: 'file', file: opener } } as const;
    expect(await warningsOf(reference)).toEqual([expect.stringContaining(opener)]);
  });

  async function warningsOf(reference: SourceReference & LocalReference): Promise<string[]> {
    const warnings: string[] = [];
    const warn = (line: string) => warnings.push(line);
    (await openLocalSource(reference, {}, { env: {}, warn })).close();
    return warnings;
  }

  it('a preview and an update say it once each, and do their work', async () => {
    const kms = await startKms();
    const project = new AwsProgram(kms);
    const file = place('root', randomBytes(32), 0o644);
    project.program(`new byok.ImportedKey('root', {
      materials: [{ file: ${JSON.stringify(file)} }],
      replicas: [{ region: 'us-east-1' }],
    });`);
    const stack = project.offline();
    for (const { ok, diagnostics } of [await stack.preview(), await stack.up()]) {
      expect(ok).toBe(true);
      expect(diagnostics.filter((line) => line.includes('chmod 600'))).toEqual([
        expect.stringContaining(file),
      ]);
    }
    project.remove();
    await kms.close();
  });

  it.each([
    [0o644, 1],
    [0o600, 0],
  ])('the command line warns of the mode %i on stderr %i times', async (mode, times) => {
    const source = `file:${place('material', randomBytes(32), mode)}`;
    const key = '1234abcd-12ab-34cd-56ef-1234567890ab';
    const { code, stderr } = await runCli(['fingerprint', '--key-id', key, '--material', source]);
    expect(code).toBe(0);
    expect(stderr.match(/chmod 600/g) ?? []).toHaveLength(times);
  });
});
