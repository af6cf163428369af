import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { filesBelow } from '../support/files';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const COMMITTED = join(ROOT, 'docs', 'reference', 'api');

/** Each page with its text, by its path below the folder. */
function pagesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(folder).map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

describe('when the reference of the API is made from the source', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-api-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  // typedoc fails where an export has no comment, a link leads nowhere, or a type is not exported.
  it('every export is documented, and npm run docs:api has nothing to write', async () => {
    const out = process.env.UPDATE_DOCS === undefined ? folder : COMMITTED;
    const typedoc = join(ROOT, 'node_modules', 'typedoc', 'bin', 'typedoc');
    const run = promisify(execFile)(process.execPath, [typedoc, '--out', out], { cwd: ROOT });
    const { code, stdout } = await run.then(
      (output) => ({ ...output, code: 0 }),
      (error: unknown) => error as { readonly code: number; readonly stdout: string },
    );
    expect([code, code === 0 ? '' : stdout]).toEqual([0, '']);
    expect(pagesOf(COMMITTED)).toEqual(pagesOf(out));
  });
});
