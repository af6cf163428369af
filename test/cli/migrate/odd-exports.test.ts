import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {
  FORMS,
  keyResource,
  stackExportOf,
  urnOf,
  type KeyInState,
} from '../../support/stack-export';
import { runCli } from '../run-cli';
import { keyWithMaterial, useMigration } from './migration';
import { codeAtEndOfLine } from '../../support/codes';

const migration = useMigration();
const key = (name: string) => keyWithMaterial(migration.client, name);
let root: KeyInState;

beforeAll(async () => {
  root = await key('root');
});

interface Paths {
  readonly stackExport?: string;
  readonly out?: string;
  readonly importFile?: string;
}

async function migrate(document: unknown, paths: Paths = {}, ...more: string[]) {
  const { stackExport = 'before.json', out = 'after.json', importFile = 'import.json' } = paths;
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  writeFileSync(stackExport, text);
  const ended = await runCli([
    ...['migrate', '--endpoint-url', migration.kms.url, '--stack-export', stackExport],
    ...['--out', out, '--import-file', importFile, '--extract', 'secrets', ...more],
  ]);
  return { ...ended, error: codeAtEndOfLine(ended.stderr) };
}

const files = (): string[] => readdirSync('.').sort();
const withMaterial = (inputs: unknown, outputs: unknown) => {
  const resource = keyResource(root);
  return stackExportOf([
    {
      ...resource,
      inputs: { ...resource.inputs, keyMaterialBase64: inputs },
      outputs: { ...resource.outputs, keyMaterialBase64: outputs },
    },
  ]);
};

describe('when an export has a form that is seldom seen', () => {
  it.each([
    ['an empty string', ''],
    ['null', null],
  ])('a key whose material is %s in a secret has none', async (_title, empty) => {
    const shown = { ...(FORMS.shown('') as object), plaintext: JSON.stringify(empty) };
    const { code } = await migrate(withMaterial(shown, shown));
    expect([code, files()]).toEqual([0, ['before.json']]);
  });

  it('material that is in clear in one place only is refused, because the places cannot be compared', async () => {
    const text = root.material.toString('base64');
    for (const [one, other] of [
      [FORMS.shown(text), FORMS.encrypted(text)],
      [FORMS.encrypted(text), FORMS.shown(text)],
    ]) {
      expect((await migrate(withMaterial(one, other))).error).toBe('STACK_EXPORT');
      expect(files()).toEqual(['before.json']);
    }
  });

  it('an export of version 4, which the CLI writes for resource hooks, is migrated to version 4', async () => {
    const before = { ...stackExportOf([keyResource(root)]), version: 4, features: ['hooks'] };
    expect((await migrate(before)).code).toBe(0);
    const after = JSON.parse(readFileSync('after.json', 'utf8')) as Record<string, unknown>;
    expect(after).toMatchObject({ version: 4, features: ['hooks'] });
    expect((await migrate({ ...before, version: 5 })).error).toBe('STACK_EXPORT');
  });

  it('a property of the name __proto__ stays in the new export', async () => {
    const type = 'x:index:Thing';
    const other = `{"urn": "${urnOf(type, 'thing')}", "type": "${type}", "inputs": {"__proto__": "kept"}}`;
    const text = JSON.stringify(stackExportOf([keyResource(root)]));
    expect((await migrate(text.replace('"resources":[', `$&${other},`))).code).toBe(0);
    expect(readFileSync('after.json', 'utf8')).toContain('"__proto__": "kept"');
  });

  it('keys with long names that begin and end alike get distinct files', async () => {
    const long = `${'a'.repeat(150)}X${'b'.repeat(150)}`;
    const keys = [{ ...root, name: long }, await key(long.replace('X', 'Y'))];
    expect((await migrate(stackExportOf(keys.map(keyResource)))).code).toBe(0);
    const written = readdirSync('secrets');
    expect(written).toHaveLength(2);
    for (const name of written) expect(name.length).toBeLessThanOrEqual(255);
  });

  it('a terminal does not obey the name of a key', async () => {
    const { stdout, stderr } = await migrate(
      stackExportOf([keyResource({ ...root, name: 'a\u009b2Jb\u202e' })]),
    );
    // eslint-disable-next-line no-control-regex -- it searches for them
    expect(stdout + stderr).not.toMatch(/[\u0080-\u009f\u202e]/);
  });
});

describe('when a file that migrate would write is there in another form', () => {
  const document = () => stackExportOf([keyResource(root)]);

  it.each<[string, Paths]>([
    ['the new export', { out: 'secrets/root.bin' }],
    ['the import file', { importFile: './secrets/root.bin' }],
    ['a link to it', { out: 'link' }],
  ])('--force never replaces material with %s', async (_title, paths) => {
    symlinkSync('secrets/root.bin', 'link');
    expect((await migrate(document(), paths, '--force')).error).toBe('FILE_EXISTS');
    // A file of an earlier run stays as it is.
    mkdirSync('secrets');
    writeFileSync('secrets/root.bin', root.material, { mode: 0o600 });
    expect((await migrate(document(), paths, '--force')).error).toBe('FILE_EXISTS');
    expect(readFileSync('secrets/root.bin')).toEqual(root.material);
  });

  it('--force never replaces the file that --material names', async () => {
    writeFileSync('root.bin', root.material, { mode: 0o600 });
    const named = ['--material', 'root=file:root.bin', '--force'];
    expect((await migrate(document(), { out: 'root.bin' }, ...named)).error).toBe('FILE_EXISTS');
    expect(readFileSync('root.bin')).toEqual(root.material);
  });

  it('the export that was read is not taken for what an interruption left', async () => {
    const { error } = await migrate(document(), { stackExport: 'after.json.unfinished' });
    expect([error, files()]).toEqual(['FILE_EXISTS', ['after.json.unfinished']]);
  });

  it.each([
    ['a folder', 'mkdir'],
    ['a pipe', 'mkfifo'],
  ])('%s is refused by its name, and nothing is written', async (_title, program) => {
    for (const path of ['after.json', 'import.json', 'after.json.unfinished']) {
      execFileSync(program, [path]);
      const { error, stderr } = await migrate(document());
      expect([error, files()]).toEqual(['FILE_ACCESS', [path, 'before.json'].sort()]);
      expect(stderr).toContain(path);
      rmSync(path, { recursive: true });
    }
  });

  it('a link that leads nowhere is named as the user wrote it', async () => {
    symlinkSync('nowhere', 'after.json');
    const { error, stderr } = await migrate(document());
    expect(error).toBe('FILE_EXISTS');
    expect(stderr).toContain('after.json exists');
    expect(existsSync('secrets')).toBe(false);
  });

  it('a file that others can read is not called one that no other user can read', async () => {
    mkdirSync('secrets');
    writeFileSync('secrets/root.bin', root.material, { mode: 0o644 });
    const { code, stderr } = await migrate(document());
    expect(code).toBe(0);
    expect(stderr).not.toContain('only you can read');
    expect(stderr).toContain('other users can read');
  });
});
