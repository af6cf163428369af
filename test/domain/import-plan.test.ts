import { markedDescription, fingerprint } from '../../src/domain/fingerprint';
import { parseKeyReference } from '../../src/domain/identifiers';
import { assertImportableKey, planImport } from '../../src/domain/import-plan';
import type { ObservedKey, ObservedMaterial } from '../../src/domain/observation';

const NOW = new Date('2026-06-01T12:00:00Z');
const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const OURS = fingerprint(parseKeyReference(ID), Buffer.alloc(32, 1));

const key = (overrides: Partial<ObservedKey> = {}): ObservedKey => ({
  keyArn: `arn:aws:kms:eu-west-1:111122223333:key/${ID}`,
  region: 'eu-west-1',
  keySpec: 'SYMMETRIC_DEFAULT',
  keyState: 'Enabled',
  origin: 'EXTERNAL',
  keyManager: 'CUSTOMER',
  listsMaterials: true,
  isReplica: false,
  materials: [],
  ...overrides,
});
const material = (overrides: Partial<ObservedMaterial> = {}): ObservedMaterial => ({
  keyMaterialId: 'a'.repeat(64),
  keyMaterialState: 'CURRENT',
  importState: 'IMPORTED',
  description: markedDescription(OURS, undefined),
  expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  ...overrides,
});
const declaration = { fingerprint: OURS, expiry: { kind: 'never' } } as const;

describe('when an import is planned', () => {
  it('material that is there as declared is kept', () => {
    const ours = material();
    const plan = planImport(
      key({ materials: [ours] }),
      { ...declaration, earlier: { keyMaterialId: ours.keyMaterialId } },
      NOW,
    );
    expect(plan).toEqual({ action: 'keep', material: ours });
  });

  it('material that is known only by its description has to be proved', () => {
    const plan = planImport(key({ materials: [material()] }), declaration, NOW);
    expect(plan).toMatchObject({ action: 'import', keyMaterialId: 'a'.repeat(64) });
  });

  it('material that is there is imported again when that is asked for', () => {
    expect(
      planImport(key({ materials: [material()] }), { ...declaration, reimport: true }, NOW),
    ).toMatchObject({
      action: 'import',
      importType: 'EXISTING_KEY_MATERIAL',
    });
  });

  it.each([
    ['lost', { importState: 'PENDING_IMPORT' }],
    [
      'of another expiry',
      { expirationModel: 'KEY_MATERIAL_EXPIRES', validTo: '2026-07-01T00:00:00Z' },
    ],
    ['of another description', { description: markedDescription(OURS, 'old') }],
  ])('material that is %s is imported again under the guard of its ID', (_what, overrides) => {
    expect(planImport(key({ materials: [material(overrides)] }), declaration, NOW)).toEqual({
      action: 'import',
      importType: 'EXISTING_KEY_MATERIAL',
      keyMaterialId: 'a'.repeat(64),
    });
  });

  it('the ID from state counts more than a description', () => {
    const known = material({ keyMaterialId: 'b'.repeat(64), description: undefined });
    const plan = planImport(
      key({ materials: [material(), known] }),
      { ...declaration, earlier: { keyMaterialId: 'b'.repeat(64) } },
      NOW,
    );
    expect(plan).toEqual({ action: 'keep', material: known });
  });

  it('the first import leaves ImportType out', () => {
    expect(planImport(key(), declaration, NOW)).toEqual({ action: 'import' });
  });

  it('a key that lost its only material is not one that never had any', () => {
    const lost = key({ currentKeyMaterialId: 'c'.repeat(64) });
    expect(planImport(lost, declaration, NOW)).toEqual({
      action: 'import',
      importType: 'EXISTING_KEY_MATERIAL',
    });
  });

  it('one pending material at a time', () => {
    const foreign = material({ description: 'other', keyMaterialState: 'PENDING_ROTATION' });
    expect(() =>
      planImport(
        key({ materials: [foreign] }),
        { ...declaration, importType: 'NEW_KEY_MATERIAL' },
        NOW,
      ),
    ).toThrowWithCode('MATERIAL_PENDING');
  });
});

describe('when a key is looked at before an import', () => {
  it.each([
    [{ keyManager: 'AWS', origin: 'AWS_KMS' }, 'KEY_ORIGIN'],
    [{ origin: 'AWS_KMS' }, 'KEY_ORIGIN'],
    [{ keySpec: 'RSA_2048' }, 'KEY_SPEC_MISMATCH'],
    [{ keyState: 'PendingDeletion' }, 'KEY_PENDING_DELETION'],
    [{ keyState: 'PendingReplicaDeletion' }, 'KEY_PENDING_DELETION'],
    [{ keyState: 'Creating' }, 'KEY_NOT_READY'],
    [{ keyState: 'Unavailable' }, 'KEY_NOT_READY'],
  ] as const)('%j is refused with %s', (overrides, code) => {
    expect(() => {
      assertImportableKey(key(overrides), { keySpec: 'SYMMETRIC_DEFAULT' });
    }).toThrowWithCode(code);
  });

  it.each(['Enabled', 'Disabled', 'PendingImport'])('%s is a state for imports', (keyState) => {
    expect(() => {
      assertImportableKey(key({ keyState }), {});
    }).not.toThrow();
  });
});
