import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPreview } from '../../src/provider/imported-key-material/preview';
import { OUTPUT_NAMES } from '../../src/provider/imported-key-material/state';
import { rotationPreview } from '../../src/provider/on-demand-rotation/preview';
import { UNKNOWN, type Preview, type Properties } from '../../src/provider/protocol';

const PAGE = join(__dirname, '..', '..', 'docs', 'reference', 'two-forms.md');
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const [FIRST, SECOND] = ['1'.repeat(64), '2'.repeat(64)] as const;
const inDays = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;

const material = createPreview({ now: () => new Date(), config: () => undefined });
const materialInputs = {
  keyId: KEY_ARN,
  keySpec: 'SYMMETRIC_DEFAULT',
  validTo: inDays(30),
  materialFingerprint: `v1:${FIRST}`,
  materialSource: { kind: 'file', file: 'material.bin', encoding: 'raw' },
};
const materialState = {
  ...materialInputs,
  keyArn: KEY_ARN,
  keyState: 'Enabled',
  importState: 'IMPORTED',
  keyMaterialId: FIRST,
  keyMaterialState: 'CURRENT',
  expirationModel: 'KEY_MATERIAL_EXPIRES',
  importReceipt: { importedAt: inDays(-1), firstImportedAt: inDays(-1) },
  materialOwner: '0123456789ab',
  missingKeyMaterialIds: ['3'.repeat(64)],
  wasDisabled: true,
  schemaVersion: 1,
};
const rotationInputs = { keyId: KEY_ARN, keyMaterialId: FIRST };
const rotationState = {
  ...rotationInputs,
  keyArn: KEY_ARN,
  currentKeyMaterialId: FIRST,
  keyMaterialState: 'CURRENT',
  rotationsUsed: 1,
  rotationsRemaining: 24,
  schemaVersion: 1,
};

/** Previews of one resource: the title of each, the inputs of the program and the state before it. */
type Cases = readonly (readonly [string, Properties, Properties | undefined])[];

const MATERIAL: Cases = [
  ['create with the ARN of the key, `keySpec` and `validTo`', materialInputs, undefined],
  [
    'create with the ID of the key and `validFor`',
    {
      ...materialInputs,
      keyId: KEY_ARN.split('/')[1],
      keySpec: undefined,
      validTo: undefined,
      validFor: '30d',
    },
    undefined,
  ],
  ['update that imports', { ...materialInputs, validTo: inDays(60) }, materialState],
  ['update of the record', { ...materialInputs, timeouts: { create: 60 } }, materialState],
];
const ROTATION: Cases = [
  ['create', rotationInputs, undefined],
  ['update that rotates', { ...rotationInputs, keyMaterialId: SECOND }, rotationState],
  ['update of the record', { ...rotationInputs, timeouts: { create: 60 } }, rotationState],
];
const ROTATION_OUTPUTS = Object.keys(rotationState).filter((name) => !(name in rotationInputs));

function table(of: string, names: readonly string[], preview: Preview, cases: Cases): string[] {
  const states = cases.map(([, inputs, state]) => preview.preview(inputs, state) as Properties);
  return rows([
    [`Output of \`${of}\``, ...cases.map(([title]) => title)],
    ...names.map((name) => [
      `\`${name}\``,
      ...states.map((state) => (name in state && state[name] !== UNKNOWN ? 'known' : '')),
    ]),
  ]);
}

/** A table as Prettier writes it. */
function rows(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = cells;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
}

const SECTIONS = {
  'known outputs': [
    ...table('ImportedKeyMaterial', OUTPUT_NAMES, material, MATERIAL),
    '',
    ...table('OnDemandRotation', ROTATION_OUTPUTS, rotationPreview, ROTATION),
  ],
  'imported inputs': rows([
    ['Resource', 'Inputs'],
    ...Object.entries({
      ImportedKeyMaterial: material.inputsOf({ ...materialState, keyMaterialDescription: 'text' }),
      OnDemandRotation: rotationPreview.inputsOf(rotationState),
    }).map(([name, inputs]) => [
      `\`${name}\``,
      Object.keys(inputs)
        .map((input) => `\`${input}\``)
        .join(', '),
    ]),
  ]),
};

describe('when the page on the two forms is made from what the plugin answers', () => {
  it('it has each output that a preview knows and each input of an import', () => {
    const page = readFileSync(PAGE, 'utf8');
    const made = Object.entries(SECTIONS).reduce(
      (text, [name, lines]) =>
        text.replace(
          new RegExp(`(<!-- ${name} -->\n)[^#]*`),
          (_, marker: string) => `${marker}\n${lines.join('\n')}\n\n`,
        ),
      page,
    );
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(PAGE, made);
    else expect(page).toBe(made);
  });
});
