import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { filesBelow } from './support/files';

const ROOT = join(__dirname, '..');
const FOLDERS = ['src', 'plugin', 'docs/reference', 'scripts', 'test/reference'];
const FILES = ['package.json'];

/** The whole recipe of an input that is only recorded, as CONTRIBUTING.md gives it. */
const EDITS: readonly (readonly [file: string, before: string, after: string])[] = [
  [
    'src/provider/args.ts',
    '  readonly keyId: Input<string>;\n',
    '  readonly keyId: Input<string>;\n\n  /** Who pays. */\n  readonly costCentre?: Input<string | undefined>;\n',
  ],
  [
    'src/provider/imported-key-material/inputs.ts',
    "  keySpec: { schema: text, change: 'none' },\n",
    "  keySpec: { schema: text, change: 'none' },\n  costCentre: { schema: text, change: 'record' },\n",
  ],
];

/** The files that `npm run docs` writes for it. */
const GENERATED = ['docs/reference/imported-key-material.md', 'plugin/schema.json'];

/** Runs in the copy: writes what follows from types and comments. */
const GENERATE = `
  const { writeFileSync } = require('node:fs');
  const { schemaText } = require('./scripts/plugin-schema/schema');
  const { madePages, pathOf } = require('./test/reference/member-tables');
  writeFileSync('plugin/schema.json', schemaText());
  for (const [name, text] of madePages()) writeFileSync(pathOf(name), text);
`;

/** Runs in the copy: adds the input to a resource whose state is of before, and goes through an update. */
const PROGRAM = `
  const { check } = require('./src/provider/imported-key-material/check');
  const { createProvider } = require('./src/provider/imported-key-material/provider');
  const { PlaintextCache } = require('./src/provider/imported-key-material/read-material');
  const { id, inputs: olds, outputs } = require('./state.json');
  const never = () => { throw new Error('KMS was called'); };
  const context = {
    connect: never, connectSecrets: never, random: never, sleep: never, env: {}, tell: () => {},
    now: () => new Date('2026-11-24T00:00:00Z'), plaintexts: new PlaintextCache(),
    runRegistry: { declare: () => {}, isDeclared: () => false },
  };
  (async () => {
    const provider = createProvider(context);
    const { materialSource, materialFingerprint, ...declared } = olds;
    const checked = (costCentre) => provider.check(olds, { ...declared, costCentre });
    const { inputs: news, failures } = await checked('a7');
    const { changes, replaces } = await provider.diff(id, outputs, news);
    const { outs } = await provider.update(id, outputs, news);
    const again = await provider.diff(id, outs, news);
    const wrong = await checked(7);
    console.log(JSON.stringify({
      failures, changes, replaces, costCentre: outs.costCentre, keyArn: outs.keyArn,
      again: again.changes, wrong: wrong.failures.length,
    }));
  })();
`;

describe('when the recipe of an input that is only recorded is applied to a copy', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'byok-recipe-'));
    for (const path of [...FOLDERS, ...FILES]) {
      cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as {
      readonly compilerOptions: object;
    };
    const config = { compilerOptions: { ...compilerOptions, paths: {} }, include: ['src'] };
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
    for (const [file, before, after] of EDITS) {
      const path = join(copy, file);
      const text = readFileSync(path, 'utf8');
      expect(text.split(before)).toHaveLength(2);
      writeFileSync(path, text.replace(before, after));
    }
  });

  afterAll(() => {
    rmSync(copy, { recursive: true });
  });

  it('the package compiles', () => {
    const tsc = join(ROOT, 'node_modules', 'typescript-native', 'bin', 'tsc');
    execFileSync(process.execPath, [tsc, '-p', copy], { encoding: 'utf8' });
  });

  it('the input is checked, shown by a preview, recorded, and unchanged after that', () => {
    const states = join(__dirname, 'provider', 'states', 'imported-key-material');
    cpSync(join(states, 'v1.json'), join(copy, 'state.json'));
    const output = run(PROGRAM);
    const state = JSON.parse(readFileSync(join(copy, 'state.json'), 'utf8')) as {
      readonly outputs: { readonly keyArn: string };
    };
    expect(JSON.parse(output)).toEqual({
      failures: [],
      changes: true,
      replaces: [],
      costCentre: 'a7',
      keyArn: state.outputs.keyArn,
      again: false,
      wrong: 1,
    });
  });

  it('at most four files change, with those that are generated', () => {
    run(GENERATE);
    const changed = FOLDERS.flatMap((path) => filesBelow(join(copy, path)))
      .map((file) => relative(copy, file))
      .filter((file) => !readFileSync(join(copy, file)).equals(readFileSync(join(ROOT, file))));
    expect(changed.sort()).toEqual([...GENERATED, ...EDITS.map(([file]) => file)].sort());
    expect(changed.length).toBeLessThanOrEqual(4);
  });

  it('the page of the API names no inputs, so it does not change', () => {
    const pages = join(ROOT, 'docs', 'reference', 'api', 'index', 'interfaces');
    const page = readFileSync(join(pages, 'ImportedKeyMaterialArgs.md'), 'utf8');
    for (const name of ['keySpec', 'timeouts', 'recordCheckValue'])
      expect(page).not.toContain(name);
  });

  it('CONTRIBUTING.md names the files', () => {
    const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const recipe = /- \*\*An input that is only recorded\*\*[^]*?\n- \*\*/.exec(text)?.[0] ?? '';
    for (const file of [...EDITS.map(([path]) => path), ...GENERATED]) {
      expect(recipe).toContain(`\`${file}\``);
    }
  });

  function run(program: string): string {
    writeFileSync(join(copy, 'program.cjs'), program);
    const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cjs', 'index.cjs');
    return execFileSync(process.execPath, ['--require', tsx, 'program.cjs'], {
      cwd: copy,
      encoding: 'utf8',
    });
  }
});
