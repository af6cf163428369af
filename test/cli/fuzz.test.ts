import { CreateKeyCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { BYOK_ERROR_CODES } from '../../src/errors';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf } from '../../packages/embedded-kms/test/support/kms-key';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';
import { runCli, temporaryFolder, useEmbeddedCredentials } from './run-cli';

jest.setTimeout(300_000);
useEmbeddedCredentials();
const inFolder = temporaryFolder();

let kms: EmbeddedKms;
let bundle: string;
let wrapped: string;
let stackExport: string;
const material = randomBytes(32);

beforeAll(async () => {
  kms = await startKms();
  const client = clientOf(kms);
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  client.destroy();
  const keyArn = KeyMetadata!.Arn!;
  writeFileSync(inFolder('material.bin'), material);
  const source = ['--material', `file:${inFolder('material.bin')}`];
  await runCli([
    'params',
    '--endpoint-url',
    kms.url,
    '--key-id',
    keyArn,
    '--out',
    inFolder('bundle'),
  ]);
  await runCli(['wrap', '--bundle', inFolder('bundle'), ...source, '--out', inFolder('wrapped')]);
  bundle = readFileSync(inFolder('bundle'), 'utf8');
  wrapped = readFileSync(inFolder('wrapped'), 'utf8');
  stackExport = JSON.stringify({
    version: 3,
    deployment: {
      resources: [
        {
          urn: 'urn:pulumi:s::p::aws:kms/externalKey:ExternalKey::one',
          type: 'aws:kms/externalKey:ExternalKey',
          inputs: { keyMaterialBase64: material.toString('base64') },
          outputs: { arn: keyArn, keyMaterialBase64: material.toString('base64') },
        },
      ],
    },
  });
});

beforeEach(() => {
  kms.clearCalls();
});

afterAll(async () => {
  await kms.close();
});

/** Damage that a file may suffer in transit: it is cut off, a character changes, a member changes or is gone. */
function damaged(text: string): fc.Arbitrary<string> {
  const members = Object.keys(JSON.parse(text) as object);
  const withMember = (name: string, value: unknown): string => {
    const changed = { ...(JSON.parse(text) as Record<string, unknown>) };
    if (value === undefined) Reflect.deleteProperty(changed, name);
    else changed[name] = value;
    return JSON.stringify(changed);
  };
  return fc
    .oneof(
      fc.nat(text.length - 3).map((length) => text.slice(0, length)),
      fc
        .tuple(fc.nat(text.length - 3), fc.constantFrom('x', '0', '"', '{', '\u0000'))
        .map(([at, character]) => text.slice(0, at) + character + text.slice(at + 1)),
      fc
        .tuple(fc.constantFrom(...members), fc.option(fc.jsonValue(), { nil: undefined }))
        .map(([name, value]) => withMember(name, value)),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string(),
    )
    .filter((other) => !isSame(other, text));
}

function isSame(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return a === b;
  }
}

/** That a run refused its input: a code, exit 1, nothing on stdout, nothing written, no call. */
async function expectRefusal(args: readonly string[], outputs: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const found = /\[([A-Z_]+)\]$/m.exec(stderr)?.[1];
  expect(BYOK_ERROR_CODES).toContain(found);
  expect(found).not.toBe('INTERNAL');
  expect(stderr).not.toContain(material.toString('base64'));
  for (const name of outputs) expect(existsSync(inFolder(name))).toBe(false);
  expect(kms.calls).toEqual([]);
  return found!;
}

describe('when a file was damaged on its way', () => {
  const online = ['--endpoint-url'];

  it('no bundle but the one that params wrote is wrapped for', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(bundle), async (text) => {
        writeFileSync(inFolder('damaged'), text);
        const source = ['--material', `file:${inFolder('material.bin')}`];
        const files = ['--bundle', inFolder('damaged'), ...source, '--out', inFolder('out')];
        await expectRefusal(['wrap', ...files], ['out']);
      }),
      RUNS,
    );
  });

  it.each(['--bundle', '--wrapped'] as const)('no other %s is imported', async (option) => {
    const text = option === '--bundle' ? bundle : wrapped;
    await fc.assert(
      fc.asyncProperty(damaged(text), async (other) => {
        writeFileSync(inFolder('damaged'), other);
        const files = { '--bundle': inFolder('bundle'), '--wrapped': inFolder('wrapped') };
        const given = Object.entries({ ...files, [option]: inFolder('damaged') }).flat();
        await expectRefusal(['import', ...online, kms.url, ...given], []);
      }),
      RUNS,
    );
  });

  it('no ciphertext of another length is taken up', async () => {
    const fingerprint = `v1:${'0'.repeat(64)}`;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 7000 }), async (bytes) => {
        fc.pre(bytes.length !== 512);
        writeFileSync(inFolder('ciphertext'), bytes);
        const files = ['--bundle', inFolder('bundle'), '--ciphertext', inFolder('ciphertext')];
        const rest = ['--fingerprint', fingerprint, '--out', inFolder('out')];
        await expectRefusal(['wrap', ...files, ...rest], ['out']);
      }),
      RUNS,
    );
  });

  it('anything that is not a stack export is refused', async () => {
    const shapes = fc.oneof(
      fc.nat(stackExport.length - 3).map((length) => stackExport.slice(0, length)),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .constantFrom(1, 2, 5, '3', '4', null)
        .map((version) => JSON.stringify({ ...(JSON.parse(stackExport) as object), version })),
      fc
        .jsonValue()
        .map((resources) => JSON.stringify({ version: 3, deployment: { resources: [resources] } })),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(shapes, async (text) => {
        writeFileSync(inFolder('export.json'), text);
        const files = ['--stack-export', inFolder('export.json'), '--out', inFolder('after')];
        const args = [...files, '--import-file', inFolder('import'), '--extract', inFolder('.')];
        const found = await expectRefusal(
          ['migrate', ...online, kms.url, ...args],
          ['after', 'import'],
        );
        expect(found).toBe('STACK_EXPORT');
      }),
      RUNS,
    );
    rmSync(inFolder('export.json'), { force: true });
  });

  it('a file that is not there, is a folder, or is far too large is refused', async () => {
    const rest = ['--material', 'env:X', '--out', inFolder('out')];
    for (const [path, size] of [
      ['absent', 0],
      ['.', 0],
      ['large', 70_000],
    ] as const) {
      if (size > 0) writeFileSync(inFolder(path), ' '.repeat(size));
      const found = await expectRefusal(['wrap', '--bundle', inFolder(path), ...rest], ['out']);
      expect(found).toBe('FILE_ACCESS');
    }
  });

  it('a folder that is not there cannot be written to', async () => {
    const source = ['--material', `file:${inFolder('material.bin')}`];
    const files = ['--bundle', inFolder('bundle'), ...source, '--out', inFolder('none', 'out')];
    expect(await expectRefusal(['wrap', ...files], ['out'])).toBe('FILE_ACCESS');
  });
});
