import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { filesBelow } from '../support/files';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');

/** The folder of each package, and that of its reference. */
const PACKAGES = [
  ['.', 'docs/reference/api'],
  ['packages/embedded-kms', 'packages/embedded-kms/docs/api'],
  ['packages/pulumi-offline-engine', 'packages/pulumi-offline-engine/docs/api'],
] as const;

/** Each page with its text, by its path below the folder. */
function pagesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(folder).map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

describe.each(PACKAGES)(
  'when the reference of the API of %s is made from the source',
  (path, api) => {
    const committed = join(ROOT, api);
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'byok-api-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    // typedoc fails where an export has no comment, a link leads nowhere, or a type is not exported.
    it('every export is documented, and npm run docs has nothing to write', async () => {
      const out = process.env.UPDATE_DOCS === undefined ? folder : committed;
      const typedoc = join(ROOT, 'node_modules', 'typedoc', 'bin', 'typedoc');
      const run = promisify(execFile)(process.execPath, [typedoc, '--out', out], {
        cwd: join(ROOT, path),
      });
      const { code, stdout } = await run.then(
        (output) => ({ ...output, code: 0 }),
        (error: unknown) => error as { readonly code: number; readonly stdout: string },
      );
      expect([code, code === 0 ? '' : stdout]).toEqual([0, '']);
      expect(pagesOf(committed)).toEqual(pagesOf(out));
    });
  },
);
