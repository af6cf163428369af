import fc from 'fast-check';
import { searchMaterial } from '../src/material-search';
import { RUNS } from '../../embedded-kms/test/support/runs';

const material = fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const surrounding = fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes));

const planted: [string, string, (bytes: Buffer, before: Buffer) => string | Buffer][] = [
  ['raw bytes', 'raw', (bytes, before) => Buffer.concat([before, bytes, before])],
  ['UTF-8', 'utf8', (bytes) => bytes.toString('latin1')],
  ['JSON', 'json', (bytes) => JSON.stringify({ a: bytes.toString('latin1') })],
  [
    'JSON escapes',
    'json',
    (bytes) =>
      [...bytes].map((b) => `\\u00${b.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  ],
  ['lower hex', 'hex', (bytes) => `x${bytes.toString('hex')}`],
  ['upper hex', 'hex', (bytes) => bytes.toString('hex').toUpperCase()],
  ['base64', 'base64', (bytes) => `"${bytes.toString('base64')}"`],
  ['base64url', 'base64', (bytes) => bytes.toString('base64url')],
  [
    'base64 inside of more',
    'base64',
    (bytes, before) => Buffer.concat([before, bytes, before]).toString('base64'),
  ],
  ['base64 in lines', 'base64', (bytes) => bytes.toString('base64').replace(/.{8}/g, '$&\n')],
  [
    'base64 in escaped lines',
    'base64',
    (bytes) => bytes.toString('base64').replace(/.{8}/g, '$&\\n'),
  ],
  ['a JSON Buffer', 'decimal', (bytes) => JSON.stringify(bytes)],
  ['an indented array', 'decimal', (bytes) => JSON.stringify([...bytes], undefined, 2)],
];

describe('when material is planted in content', () => {
  it.each(planted)('it is found as %s', (_what, encoding, plant) => {
    fc.assert(
      fc.property(material, surrounding, (bytes, before) => {
        expect(searchMaterial(bytes, plant(bytes, before))).toContain(encoding);
      }),
      RUNS,
    );
  });
});

describe('when material is not in content', () => {
  it('nothing is found', () => {
    fc.assert(
      fc.property(material, fc.uint8Array({ maxLength: 2000 }), (bytes, content) => {
        fc.pre(new Set(bytes).size > 4);
        expect(searchMaterial(bytes, content)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('material too short to be sure of is refused', () => {
    expect(() => searchMaterial(Buffer.alloc(15), '')).toThrow(TypeError);
  });
});
