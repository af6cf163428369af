import type { Report } from '../report';
import type { Result } from '../result';

/** One chart of the picture. */
export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}

/** One measurement. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly isOurs: boolean;
}

/** The lines that the picture shows, by name. */
const SHOWN: readonly { readonly what: string; readonly title: string }[] = [
  { what: 'import of 50 keys', title: 'Import of 50 keys' },
  { what: 'state of an ImportedKeyMaterial', title: 'State of each resource' },
  { what: 'registration of 100 resources', title: 'Registration of 100 resources' },
];

/** Returns the charts of a report. Each shows ours first and then the peers that were measured. */
export function panelsOf({ lines }: Report): Panel[] {
  return SHOWN.flatMap(({ what, title }) => {
    const results = lines.filter(
      (line): line is Report['lines'][number] & Result => line.what === what && 'ours' in line,
    );
    const [first] = results;
    if (first === undefined) return [];
    return [
      {
        title,
        unit: first.unit,
        bars: [
          { name: 'this package', value: first.ours, isOurs: true },
          ...results.map(({ peerName: name, peer: value }) => ({ name, value, isOurs: false })),
        ],
      },
    ];
  });
}
