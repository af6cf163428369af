import type { DeclaredResource } from './adopt-material';

/** Returns the code that a program needs for the resources of an import file. */
export function programText(declared: readonly DeclaredResource[]): string {
  return [
    "import { ImportedKeyMaterial } from 'pulumi-kms-byok';",
    ...declared.flatMap(({ name, args }) => [
      '',
      'new ImportedKeyMaterial(',
      `  ${literal(name, 1)},`,
      `  ${literal(args, 1)},`,
      '  // As pulumi import leaves it; without this line the next update lifts the protection.',
      '  { protect: true },',
      ');',
    ]),
    '',
  ].join('\n');
}

function literal(value: unknown, depth: number): string {
  const indent = '  '.repeat(depth + 1);
  const end = '  '.repeat(depth);
  if (typeof value === 'string') {
    const json = JSON.stringify(value);
    return json.includes("'") || json.includes('\\') ? json : `'${json.slice(1, -1)}'`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((member) => literal(member, depth)).join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${indent}${name}: ${literal(member, depth + 1)},\n`,
  );
  return `{\n${members.join('')}${end}}`;
}
