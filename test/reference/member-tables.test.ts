import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTable, type TableSource } from './member-tables';

const PAGES: readonly (readonly [string, readonly TableSource[]])[] = [
  [
    'imported-key-material.md',
    [
      { title: 'input', file: 'src/provider/args.ts', declaration: 'ImportedKeyMaterialArgs' },
      {
        title: 'output',
        file: 'src/resources/imported-key-material.ts',
        declaration: 'ImportedKeyMaterial',
      },
    ],
  ],
  [
    'on-demand-rotation.md',
    [
      {
        title: 'input',
        file: 'src/resources/on-demand-rotation.ts',
        declaration: 'OnDemandRotationArgs',
      },
      {
        title: 'output',
        file: 'src/resources/on-demand-rotation.ts',
        declaration: 'OnDemandRotation',
      },
    ],
  ],
  [
    'kms-byok-provider.md',
    [
      {
        title: 'input',
        file: 'src/provider/args.ts',
        declaration: 'ConnectionArgs',
      },
    ],
  ],
  [
    'imported-key.md',
    [
      { title: 'input', file: 'src/component/args.ts', declaration: 'ImportedKeyArgs' },
      { title: 'output', file: 'src/component/imported-key.ts', declaration: 'ImportedKey' },
    ],
  ],
];

describe('when the tables of the reference are made from the comments of the source', () => {
  it.each(PAGES)('%s has every input and output, and nothing has to be written', (name, tables) => {
    const file = join(__dirname, '..', '..', 'docs', 'reference', name);
    const page = readFileSync(file, 'utf8');
    const made = tables.reduce(withTable, page);
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(file, made);
    else expect(page).toBe(made);
  });
});
