import type { INPUTS, RotationInputs } from '../../src/provider/on-demand-rotation/inputs';
import { createRotationProvider } from '../../src/provider/on-demand-rotation/provider';
import {
  OUTPUT_NAMES,
  recordRotation,
  type RotationOutputs,
} from '../../src/provider/on-demand-rotation/state';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:eu-central-1:111122223333:key/${KEY_ID}`;
const [FIRST, SECOND] = ['1'.repeat(64), '2'.repeat(64)] as const;

const never = (): never => {
  throw new Error('a preview called KMS');
};
const provider = createRotationProvider({ connect: never, sleep: never, tell: never });

const INPUTS_IN_STATE: RotationInputs = { keyId: KEY_ARN, keyMaterialId: FIRST };
const OUTPUTS_IN_STATE: Required<RotationOutputs> = {
  keyArn: KEY_ARN,
  currentKeyMaterialId: FIRST,
  keyMaterialState: 'CURRENT',
  rotationsUsed: 1,
  rotationsRemaining: 24,
  schemaVersion: 1,
};
const STATE = { ...INPUTS_IN_STATE, ...OUTPUTS_IN_STATE };

const UPDATE = { changes: true, replaces: [] };
const SAME = { changes: false, replaces: [] };

// Changes of every input, and the answer of diff.
const CHANGES: {
  readonly [Name in keyof typeof INPUTS]: readonly [Partial<RotationInputs>, object][];
} = {
  keyId: [
    [{ keyId: KEY_ID }, UPDATE],
    [{ keyId: KEY_ID.replace('1234', '4321') }, { changes: true, replaces: ['keyId'] }],
  ],
  keyMaterialId: [[{ keyMaterialId: SECOND }, UPDATE]],
  stagedBy: [[{ stagedBy: 'urn:pulumi:other' }, UPDATE]],
  after: [[{ after: { currentKeyMaterialId: SECOND, rotationsRemaining: 23 } }, SAME]],
  timeouts: [[{ timeouts: { create: 5 } }, UPDATE]],
  connection: [
    [{ connection: { endpoint: 'https://kms.example' } }, UPDATE],
    [
      { keyId: KEY_ID, connection: { region: 'eu-west-1' } },
      { changes: true, replaces: ['connection.region'] },
    ],
  ],
};

describe('when one input of a rotation changes', () => {
  it.each(Object.entries(CHANGES))(
    'diff says what a change of %s takes',
    async (_name, changes) => {
      for (const [change, answer] of changes) {
        expect(await provider.diff(KEY_ARN, STATE, { ...INPUTS_IN_STATE, ...change })).toEqual(
          answer,
        );
      }
    },
  );

  it('diff finds nothing where none changed', async () => {
    expect(await provider.diff(KEY_ARN, STATE, INPUTS_IN_STATE)).toEqual(SAME);
  });
});

describe('when an update of a rotation only records its inputs', () => {
  it.each(OUTPUT_NAMES)('the state keeps the output %s', (name) => {
    const state = recordRotation({ ...INPUTS_IN_STATE, timeouts: { create: 5 } }, STATE);
    expect(state[name]).toEqual(STATE[name]);
    expect(state.timeouts).toEqual({ create: 5 });
  });
});
