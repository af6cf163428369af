import { isFingerprint } from '../../domain/fingerprint';
import { HEX_64, isKeyArn } from '../../domain/identifiers';
import { SOURCE_KINDS } from '../../domain/source-kinds';
import { isType } from '../../domain/type-tokens';
import { requestIdText, shown } from '../../domain/service-text';
import type { GivenExport } from './given-exports';
import { isSecret } from './exported-value';
import type { CheckValueEvidence, Fact, ImportRecord } from './evidence';
import type { ExportedResource } from '../adoption/stack-export';

/** The import of one material into one key, as a stack has it. */
export interface KeyImport {
  readonly keyArn: string;
  /** Symmetric encryption keys only. */
  readonly keyMaterialId: string | undefined;
  readonly record: ImportRecord;
}

/** Reads every import that stack exports have a record of. Takes only values of the expected form from them. */
export function importRecords(exports: readonly GivenExport[]): readonly KeyImport[] {
  return exports
    .flatMap(({ resources }, stackExport) =>
      resources
        // With those that the engine has still to delete: their material may be in KMS.
        .filter(({ type }) => isType(type, 'ImportedKeyMaterial'))
        .flatMap((resource) => importIn(resource, stackExport)),
    )
    .sort((a, b) => compare(a.record.urn, b.record.urn));
}

function importIn({ urn, outputs }: ExportedResource, stackExport: number): KeyImport[] {
  const state = outputs ?? {};
  const keyArn = checked(state.keyArn, isKeyArn);
  if (keyArn.state !== 'read') return [];
  const receipt: unknown = state.importReceipt;
  const ofReceipt = (name: string, pattern: RegExp): Fact<string> =>
    isSecret(receipt) ? SECRET : matched(memberOf(receipt, name), pattern);
  const keyMaterialId = matched(state.keyMaterialId, HEX_64);
  return [
    {
      keyArn: keyArn.value,
      keyMaterialId: keyMaterialId.state === 'read' ? keyMaterialId.value : undefined,
      record: {
        urn: shown(urn),
        stackExport,
        materialFingerprint: checked(state.materialFingerprint, isFingerprint),
        source: checked(memberOf(state.materialSource, 'kind'), (kind) =>
          SOURCE_KINDS.some((known) => known === kind),
        ) as ImportRecord['source'],
        firstImportedAt: ofReceipt('firstImportedAt', INSTANT),
        importedAt: ofReceipt('importedAt', INSTANT),
        wrappingAlgorithm: ofReceipt('wrappingAlgorithm', NAME),
        wrappingKeySpec: ofReceipt('wrappingKeySpec', NAME),
        wrappingPublicKeySha256: ofReceipt('wrappingPublicKeySha256', HEX_64),
        requestId: checked(memberOf(receipt, 'requestId'), (id) => requestIdText(id) !== undefined),
        keyExchange: ofReceipt('keyExchange', /^[A-Za-z0-9_ -]{1,40}$/),
        checkValue: checkValueIn(memberOf(receipt, 'checkValue')),
      },
    },
  ];
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const NAME = /^[A-Z][A-Z0-9_]{1,39}$/;

const SECRET = { state: 'unreadable', reason: 'the stack export has it as a secret' } as const;
const NOT_RECORDED = { state: 'absent', reason: 'the state does not have it' } as const;

function matched(value: unknown, pattern: RegExp): Fact<string> {
  return checked(value, (text) => pattern.test(text));
}

function checked(value: unknown, isExpected: (text: string) => boolean): Fact<string> {
  if (value === undefined || value === null) return NOT_RECORDED;
  if (isSecret(value)) return SECRET;
  return typeof value === 'string' && isExpected(value)
    ? { state: 'read', value }
    : { state: 'unreadable', reason: 'the state has something else in its place' };
}

function checkValueIn(value: unknown): Fact<CheckValueEvidence> {
  if (value === undefined || value === null) {
    return { state: 'absent', reason: 'recordCheckValue was not true at the last import' };
  }
  const method = matched(memberOf(value, 'method'), NAME);
  const digits = matched(memberOf(value, 'value'), /^[0-9a-f]{10,128}$/);
  if (method.state !== 'read') return method;
  return digits.state === 'read'
    ? { state: 'read', value: { method: method.value, value: digits.value } }
    : digits;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
