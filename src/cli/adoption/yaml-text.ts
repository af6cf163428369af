import type { DeclaredResource } from './adopt-material';

/** Returns the resources that a program in YAML needs for the native resources of an import file. */
export function yamlText(declared: readonly DeclaredResource[]): string {
  if (declared.length === 0) return '';
  return [
    'resources:',
    ...declared.flatMap(({ name, args }) => [
      `  ${text(name)}:`,
      '    type: kms-byok:ImportedKeyMaterial',
      '    properties:',
      ...membersOf(args, 6),
      '    options:',
      '      # As pulumi import leaves it; without this line the next update lifts the protection.',
      '      protect: true',
    ]),
    '',
  ].join('\n');
}

function membersOf(values: object, spaces: number): string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    const start = `${' '.repeat(spaces)}${name}:`;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [start, ...membersOf(value, spaces + 2)]
      : [`${start} ${text(value)}`];
  });
}

// YAML contains JSON. In a program, ${ begins a reference.
function text(value: unknown): string {
  return JSON.stringify(value).replaceAll('${', '$${');
}
