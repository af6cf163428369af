import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..');
const SRC = join(ROOT, 'src');

/**
 * Imports that each room may make at run time, from rooms of its own package and from other packages.
 * From `types`, a room may import only types.
 */
type Rooms = Record<string, { run: string[]; types?: string[]; packages?: string[] }>;

const ALLOWED: Rooms = {
  errors: { run: [] },
  domain: { run: ['errors'] },
  material: { run: ['errors', 'domain'], packages: ['zod', 'pkcs11js'] },
  aws: {
    run: ['errors', 'domain'],
    types: ['material'],
    packages: [
      '@aws-sdk/client-kms',
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-ssm',
      '@aws-sdk/credential-providers',
      '@smithy/node-http-handler',
      'https-proxy-agent',
    ],
  },
  provider: {
    run: ['errors', 'domain', 'material', 'aws'],
    packages: ['zod', 'fastest-levenshtein'],
  },
  resources: {
    // provider: the names of the outputs only, which load nothing but rules of domain.
    run: ['errors', 'domain', 'provider'],
    types: ['material'],
    packages: ['@pulumi/pulumi'],
  },
  component: {
    run: ['errors', 'domain', 'resources'],
    types: ['provider'],
    packages: ['@pulumi/pulumi'],
  },
  index: { run: ['errors', 'domain', 'resources', 'component'], types: ['material', 'provider'] },
  plugin: {
    // component and resources: only to construct an ImportedKey.
    run: ['errors', 'domain', 'provider', 'resources', 'component'],
  },
  policy: {
    run: ['errors', 'domain'],
    packages: ['@pulumi/policy', 'zod', 'fastest-levenshtein'],
  },
  cli: {
    // provider: what an import file says is what the provider itself would write (decision 30).
    run: ['errors', 'domain', 'aws', 'material', 'provider', 'policy'],
    packages: ['fastest-levenshtein', 'commander', 'cli-table3', 'cli-progress', 'zod', 'yaml'],
  },
};

const EMBEDDED_KMS: Rooms = {
  errors: { run: [] },
  crypto: { run: ['errors'] },
  state: { run: [], types: ['crypto'] },
  keys: { run: ['errors', 'crypto', 'state'] },
  operations: { run: ['errors', 'crypto', 'state', 'keys'] },
  sts: { run: ['errors', 'crypto', 'keys', 'operations'] },
  status: { run: ['crypto', 'state', 'keys'], types: ['http'] },
  http: {
    run: ['errors', 'state', 'keys', 'operations', 'sts', 'status'],
    types: ['options'],
    packages: ['@smithy/signature-v4'],
  },
  options: { run: [], types: ['crypto', 'state', 'http', 'seed'] },
  seed: { run: ['errors', 'state', 'keys', 'operations', 'http'] },
  start: { run: ['crypto', 'state', 'keys', 'http', 'seed'], types: ['options'] },
  index: { run: ['errors', 'state', 'start'], types: ['crypto', 'http', 'options', 'seed'] },
  cli: { run: ['index'], packages: ['commander'] },
};

const OFFLINE_ENGINE: Rooms = {
  engine: { run: [] },
  'language-host': { run: ['engine'] },
  'aws-plugin': { run: ['engine'], packages: ['@aws-sdk/client-kms'] },
  'material-search': { run: [] },
  index: { run: ['engine', 'material-search'] },
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 1 ? parts[0]! : parts[0]!.replace(/\.ts$/, '');
}

function importsOf(src: string, file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(src, file), 'utf8'),
    ts.ScriptTarget.ES2022,
  );
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      found.push({
        file,
        from: (node.moduleSpecifier as ts.StringLiteral).text,
        typeOnly,
        dynamic: false,
      });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      found.push({
        file,
        from: (node.arguments[0] as ts.StringLiteral).text,
        typeOnly: false,
        dynamic: true,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const filesOf = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));

/** The sources of a package, and their imports. */
function read(src: string) {
  const files = filesOf(src);
  const imports = files.flatMap((file) => importsOf(src, file));
  return {
    files,
    within: imports.filter(({ from }) => from.startsWith('.')),
    packages: imports.filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:')),
  };
}

function targetFile({ file, from }: Import): string {
  return `${join(dirname(file), from).replace(/\.js$/, '')}.ts`;
}

function targetRoom(statement: Import): string {
  return roomOf(targetFile(statement));
}

const { files, within, packages } = read(SRC);

describe.each([
  ['.', ALLOWED],
  ['packages/embedded-kms', EMBEDDED_KMS],
  ['packages/pulumi-offline-engine', OFFLINE_ENGINE],
])('when the imports of %s are read', (path, allowed) => {
  const sources = read(join(ROOT, path, 'src'));

  it('every file is in a room that is known', () => {
    expect(sources.files.length).toBeGreaterThan(40);
    for (const file of sources.files) expect(Object.keys(allowed)).toContain(roomOf(file));
  });

  it('no arrow points back', () => {
    const wrong = sources.within.filter((statement) => {
      const room = roomOf(statement.file);
      const target = targetRoom(statement);
      const { run, types = [] } = allowed[room]!;
      if (target === room || run.includes(target)) return false;
      return !(statement.typeOnly && types.includes(target));
    });
    expect(wrong).toEqual([]);
  });

  it('no imports form a circle, those of types included', () => {
    const targets = new Map<string, string[]>(sources.files.map((file) => [file, []]));
    for (const statement of sources.within)
      targets.get(statement.file)?.push(targetFile(statement));
    // A file in a circle always imports another one that is left.
    let before: number;
    do {
      before = targets.size;
      for (const [file, imported] of targets) {
        if (!imported.some((target) => targets.has(target))) targets.delete(file);
      }
    } while (targets.size < before);
    expect([...targets.keys()]).toEqual([]);
  });

  it('a package is imported only in its rooms', () => {
    const wrong = sources.packages.filter(({ file, from, typeOnly }) => {
      const name = from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/');
      return !typeOnly && !(allowed[roomOf(file)]?.packages ?? []).includes(name);
    });
    expect(wrong).toEqual([]);
  });

  it('no file is longer than 400 lines', () => {
    for (const file of sources.files) {
      const lines = readFileSync(join(ROOT, path, 'src', file), 'utf8').split('\n').length;
      expect([file, lines <= 400]).toEqual([file, true]);
    }
  });
});

describe.each(['embedded-kms', 'pulumi-offline-engine'])('when %s is read', (name) => {
  const home = join(ROOT, 'packages', name);
  const leaving = (folder: string, border: string): Import[] =>
    filesOf(join(home, folder))
      .flatMap((file) => importsOf(join(home, folder), file))
      .filter(({ file, from }) =>
        from.startsWith('.')
          ? relative(border, resolve(home, folder, dirname(file), from)).startsWith('..')
          : from.startsWith('pulumi-kms-byok'),
      );

  it('its sources do not leave its folder', () => {
    expect(leaving('src', home)).toEqual([]);
  });

  it('its tests use nothing of pulumi-kms-byok', () => {
    expect(leaving('test', dirname(home))).toEqual([]);
  });
});

describe('when pulumi-kms-byok is read', () => {
  it('its sources do not leave their folder', () => {
    expect(within.filter((statement) => targetRoom(statement).startsWith('..'))).toEqual([]);
  });
});

/** Files that list what there is, so that each entry is an import. */
const REGISTRIES = ['cli/commands.ts', 'index.ts', 'material/sources.ts', 'policy/registry.ts'];

describe('when the imports of pulumi-kms-byok are read', () => {
  it('only registries have more than 12 relative imports', () => {
    const counts = files.map((file) => ({
      file,
      imports: within.filter((statement) => statement.file === file).length,
    }));
    const many = counts.filter(({ imports }) => imports > 12);
    expect(many.filter(({ file }) => !REGISTRIES.includes(file))).toEqual([]);
    expect(many.map(({ file }) => file)).toEqual(expect.arrayContaining(REGISTRIES));
  });

  it('the map in CONTRIBUTING.md has every folder', () => {
    const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const missing = folders.filter(({ name }) => !page.includes(`| \`src/${name}\``));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('the provider loads the AWS SDK only through a dynamic import', () => {
    const toKms = within.filter(
      (statement) => roomOf(statement.file) === 'provider' && targetRoom(statement) === 'aws',
    );
    const loading = toKms.filter(({ typeOnly }) => !typeOnly);
    expect(loading).toEqual([
      {
        file: 'provider/process-context.ts',
        from: '../aws/index.js',
        typeOnly: false,
        dynamic: true,
      },
    ]);
  });

  it('the optional AWS clients are loaded only through a dynamic import', () => {
    const optional = ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-ssm'];
    const loading = packages.filter(({ from, typeOnly }) => optional.includes(from) && !typeOnly);
    expect(loading.map(({ file, dynamic }) => [file, dynamic])).toEqual([
      ['aws/secrets.ts', true],
      ['aws/secrets.ts', true],
    ]);
  });

  it('the native package of PKCS #11 is loaded only in the process of a module', () => {
    const loading = packages.filter(({ from, typeOnly }) => from === 'pkcs11js' && !typeOnly);
    expect(loading.map(({ file, dynamic }) => [file, dynamic])).toEqual([
      ['material/pkcs11/module.ts', true],
    ]);
    const importing = within.filter(({ from }) => from.endsWith('/token-program'));
    expect(importing).toEqual([]);
  });

  it('only the file that serves the pack loads the policy SDK', () => {
    const loading = packages.filter(({ from, typeOnly }) => from === '@pulumi/policy' && !typeOnly);
    expect(loading.map(({ file }) => file)).toEqual(['policy/pack.ts']);
  });

  it('only one file has Node.js read a private key, because that needs an empty queue of errors', () => {
    const reading = files.filter((file) =>
      readFileSync(join(SRC, file), 'utf8').includes('createPrivateKey('),
    );
    expect(reading).toEqual(['material/private-key-object.ts']);
  });

  it('plaintext is exposed in material and nowhere else', () => {
    const exposing = files.filter((file) =>
      readFileSync(join(SRC, file), 'utf8').includes('.expose('),
    );
    for (const file of exposing) expect(roomOf(file)).toBe('material');
  });
});

describe('when the tests are read', () => {
  it('only one file skips any, so that each skipped one says what it needs', () => {
    const skipping = ['test', 'packages/embedded-kms/test', 'packages/pulumi-offline-engine/test']
      .flatMap((folder) => filesOf(join(ROOT, folder)).map((file) => join(folder, file)))
      .filter((file) =>
        /\b(?:describe|it|test)\.skip\b/.test(readFileSync(join(ROOT, file), 'utf8')),
      );
    expect(skipping).toEqual(['packages/embedded-kms/test/support/describe-unless.ts']);
  });
});
