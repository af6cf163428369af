import { compare } from '../../src/provider/imported-key-material/diff';
import { INPUTS, type CheckedInputs } from '../../src/provider/imported-key-material/inputs';
import {
  OUTPUT_NAMES,
  type Outputs,
  recordInputs,
  type State,
} from '../../src/provider/imported-key-material/state';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:eu-central-1:111122223333:key/${KEY_ID}`;
const NOW = new Date('2027-01-01T00:00:00Z');

const context = {
  now: () => NOW,
  config: () => undefined,
};

const OUTPUTS_IN_STATE: Required<Outputs> = {
  keyArn: KEY_ARN,
  keySpec: 'SYMMETRIC_DEFAULT',
  keyState: 'Enabled',
  importState: 'IMPORTED',
  keyMaterialId: 'a'.repeat(64),
  keyMaterialState: 'CURRENT',
  expirationModel: 'KEY_MATERIAL_EXPIRES',
  validTo: '2027-03-01T00:00:00Z',
  materialFingerprint: `v1:${'1'.repeat(64)}`,
  importReceipt: {
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_4096',
    wrappingPublicKeySha256: '2'.repeat(64),
    importedAt: '2026-12-01T00:00:00Z',
  },
  materialOwner: '3'.repeat(12),
  missingKeyMaterialIds: ['b'.repeat(64)],
  wasDisabled: true,
  schemaVersion: 1,
};

const INPUTS_IN_STATE: CheckedInputs = {
  keyId: KEY_ID,
  materialSource: { kind: 'file', file: 'material.bin', encoding: 'raw' },
  materialFingerprint: OUTPUTS_IN_STATE.materialFingerprint,
  validTo: '2027-03-01T00:00:00Z',
};

const STATE: State = { ...INPUTS_IN_STATE, ...OUTPUTS_IN_STATE };

type Change = readonly [change: Partial<CheckedInputs>, found: readonly string[]];
type NameOf<Rule> = {
  [Name in keyof typeof INPUTS]: (typeof INPUTS)[Name]['change'] extends Rule ? Name : never;
}[keyof typeof INPUTS];

// A change of every input that is not only recorded, and the cause and effect that diff finds in it. Causes are shown
// to users.
const CHANGES: Readonly<Record<Exclude<keyof typeof INPUTS, NameOf<'record'>>, Change>> = {
  keyId: [{ keyId: KEY_ID.replace('1234', '4321') }, ['keyId: replace', 'keyId: record']],
  material: [{ materialSource: { kind: 'env', env: 'X' } }, ['materialSource: record']],
  keySpec: [{ keySpec: 'SYMMETRIC_DEFAULT' }, []],
  validTo: [{ validTo: '2027-04-01T00:00:00Z' }, ['expiration settings: import']],
  validFor: [
    { validTo: undefined, validFor: '10d' },
    ['expiration settings: import', 'validFor: record'],
  ],
  renewBefore: [
    { validTo: undefined, validFor: '90d', renewBefore: '20d' },
    ['validFor: renew', 'validFor: record', 'renewBefore: record'],
  ],
  expirationModel: [
    { validTo: undefined, expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    ['expiration settings: import'],
  ],
  keyMaterialDescription: [{ keyMaterialDescription: 'other' }, ['keyMaterialDescription: import']],
  list: [{ list: { of: 'root', place: 1 } }, []],
  connection: [
    { connection: { region: 'eu-west-1' } },
    ['connection.region: replace', 'connection: record'],
  ],
};

// diff does not read the value of an input that is only recorded.
const RECORDED = Object.entries(INPUTS)
  .filter(([, { change }]) => change === 'record')
  .map(([name]): [string, Change] => [name, [{ [name]: 'changed' }, [`${name}: record`]]]);

describe('when one input changes', () => {
  it.each([...Object.entries<Change>(CHANGES), ...RECORDED])(
    'diff finds what a change of %s takes',
    (_name, [change, found]) => {
      const changes = compare(STATE, { ...INPUTS_IN_STATE, ...change }, context);
      expect(changes.map(({ cause, effect }) => `${cause}: ${effect}`)).toEqual(found);
    },
  );

  it('diff finds nothing where none changed', () => {
    expect(compare(STATE, INPUTS_IN_STATE, context)).toEqual([]);
  });
});

describe('when an update only records its inputs', () => {
  it.each(OUTPUT_NAMES)('the state keeps the output %s', (name) => {
    const state = recordInputs({ ...INPUTS_IN_STATE, deletionProtection: true }, STATE);
    expect(state[name]).toEqual(STATE[name]);
    expect(state.deletionProtection).toBe(true);
  });
});
