import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const SRC = join(__dirname, '..', 'src');

// Each room, and the rooms that it may import at run time (`types` for types alone).
const ALLOWED: Record<string, { run: string[]; types?: string[]; packages?: string[] }> = {
  errors: { run: [] },
  domain: { run: ['errors'] },
  material: { run: ['errors', 'domain'], packages: ['zod'] },
  aws: {
    run: ['errors', 'domain'],
    types: ['material'],
    packages: [
      '@aws-sdk/client-kms',
      '@aws-sdk/client-secrets-manager',
      '@aws-sdk/client-ssm',
      '@aws-sdk/credential-providers',
      '@smithy/node-http-handler',
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
  index: { run: ['errors', 'resources', 'component'], types: ['domain', 'material', 'provider'] },
  policy: {
    run: ['errors', 'domain'],
    packages: ['@pulumi/policy', 'zod', 'fastest-levenshtein'],
  },
  cli: {
    // provider: what an import file says is what the provider itself would write (decision 30).
    run: ['errors', 'domain', 'aws', 'material', 'provider', 'testing/kms'],
    packages: ['commander', 'cli-table3', 'cli-progress', 'zod'],
  },
  testing: { run: ['testing/kms', 'testing/engine'] },
  'testing/kms': { run: [], packages: ['@smithy/signature-v4'] },
  'testing/engine': { run: [], packages: [] },
  'testing/language-host': { run: ['testing/engine'], packages: [] },
  'testing/aws-plugin': { run: ['testing/engine'], packages: ['@aws-sdk/client-kms'] },
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

const files = (readdirSync(SRC, { recursive: true }) as string[]).filter((name) =>
  name.endsWith('.ts'),
);

function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'testing') return parts.length > 2 ? `testing/${parts[1]!}` : 'testing';
  return parts.length > 1 ? parts[0]! : parts[0]!.replace(/\.ts$/, '');
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(SRC, file), 'utf8'),
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

const imports = files.flatMap(importsOf);
const within = imports.filter(({ from }) => from.startsWith('.'));
const packages = imports.filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'));

function targetRoom({ file, from }: Import): string {
  return roomOf(`${relative(SRC, resolve(SRC, dirname(file), from)).replace(/\.js$/, '')}.ts`);
}

describe('when the imports of src are read', () => {
  it('every file is in a room that is known', () => {
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) expect(Object.keys(ALLOWED)).toContain(roomOf(file));
  });

  it('no arrow points back', () => {
    const wrong = within.filter((statement) => {
      const room = roomOf(statement.file);
      const target = targetRoom(statement);
      const { run, types = [] } = ALLOWED[room]!;
      if (target === room || run.includes(target)) return false;
      return !(statement.typeOnly && types.includes(target));
    });
    expect(wrong).toEqual([]);
  });

  it('a package is imported only in its rooms', () => {
    const wrong = packages.filter(({ file, from, typeOnly }) => {
      const name = from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/');
      return !typeOnly && !(ALLOWED[roomOf(file)]?.packages ?? []).includes(name);
    });
    expect(wrong).toEqual([]);
  });

  it('the AWS SDK is reached by the provider through a dynamic import alone', () => {
    const toKms = within.filter(
      (statement) => roomOf(statement.file) === 'provider' && targetRoom(statement) === 'aws',
    );
    const loading = toKms.filter(({ typeOnly }) => !typeOnly);
    expect(loading).toEqual([
      { file: 'provider/index.ts', from: '../aws/index.js', typeOnly: false, dynamic: true },
    ]);
  });

  it('the optional AWS clients are reached through a dynamic import alone', () => {
    const optional = ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-ssm'];
    const loading = packages.filter(({ from, typeOnly }) => optional.includes(from) && !typeOnly);
    expect(loading.map(({ file, dynamic }) => [file, dynamic])).toEqual([
      ['aws/secrets.ts', true],
      ['aws/secrets.ts', true],
    ]);
  });

  it('the policy SDK is loaded by the file that serves the pack alone', () => {
    const loading = packages.filter(({ from, typeOnly }) => from === '@pulumi/policy' && !typeOnly);
    expect(loading.map(({ file }) => file)).toEqual(['policy/pack.ts']);
  });

  it('plaintext is exposed in material and nowhere else', () => {
    const exposing = files.filter((file) =>
      readFileSync(join(SRC, file), 'utf8').includes('.expose('),
    );
    for (const file of exposing) expect(roomOf(file)).toBe('material');
  });

  it('no file is longer than 400 lines', () => {
    for (const file of files) {
      expect([file, readFileSync(join(SRC, file), 'utf8').split('\n').length <= 400]).toEqual([
        file,
        true,
      ]);
    }
  });
});
