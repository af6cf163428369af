import {
  PERMISSION_NAMES,
  type KeyPolicyAccess,
  type Permission,
  type PolicyEntry,
} from '../../policy/iam/key-access';
import { html, type Html } from '../status/html';
import { lastUseText } from '../status/last-use';
import type { ImportRecord, KeyEvidence, MaterialEvidence } from './evidence';
import { code, deviationTable, fact, missing, row, table } from './page-parts';

const PERMISSION_TEXTS: Readonly<Record<Permission, string>> = {
  importMaterial: 'Import material',
  deleteMaterial: 'Delete material',
  rotate: 'Rotate',
  useKey: 'Use the key',
  scheduleDeletion: 'Schedule the deletion of the key',
  createGrants: 'Create grants',
  changePolicy: 'Change the key policy',
};

/** Draws the evidence on one key. */
export function keySection(key: KeyEvidence): Html {
  const name = key.aliases.state === 'read' ? key.aliases.value[0] : undefined;
  const isUnused = key.lastUse.state === 'unknown';
  return html`<section class="key">
    <h2>Key ${name ?? key.keyId}</h2>
    <dl>
      ${row('ARN', code(key.keyArn))}
      ${row(
        'Aliases',
        fact(key.aliases, (names) => html`${names.length === 0 ? 'none' : names.join(', ')}`),
      )}
      ${row('Key spec', key.keySpec)} ${row('State', key.keyState)}
      ${row('Replica', key.isReplica ? 'yes' : undefined)}
      ${row('Current material', key.currentKeyMaterialId && code(key.currentKeyMaterialId))}
      ${row(
        'On-demand rotations',
        fact(key.rotations, ({ used, left }) => html`${used} used, ${left} left`),
      )}
      ${row(
        'Last use',
        isUnused ? missing(lastUseText(key.lastUse)) : html`${lastUseText(key.lastUse)}`,
      )}
    </dl>
    <h3>Materials</h3>
    ${key.materials.length === 0 ? html`<p>KMS lists none.</p>` : key.materials.map(materialBlock)}
    ${
      key.otherImports.length === 0
        ? html``
        : html`<h3>Imports of material that KMS does not list</h3>
            ${key.otherImports.map(recordBlock)}`
    }
    <h3>Who may do what, by the key policy</h3>
    ${fact(key.access, accessTable)}
    <h3>Deviations from the policy rules</h3>
    ${fact(key.deviations, deviationTable)}
  </section>`;
}

function materialBlock(material: MaterialEvidence): Html {
  const { keyMaterialId, keyMaterialState, importState, rotatedAt } = material;
  return html`<div class="material">
    <dl>
      ${row('KeyMaterialId', keyMaterialId && code(keyMaterialId))}
      ${row('State', [keyMaterialState, importState].filter(Boolean).join(', '))}
      ${row('Expires', expiryOf(material))} ${row('Rotated to it', rotatedAt)}
      ${row('Fingerprint in KMS', material.markedFingerprint && code(material.markedFingerprint))}
      ${row('Description', material.description)}
    </dl>
    ${fact(material.imports, (records) => html`${records.map(recordBlock)}`)}
  </div>`;
}

// KMS forgets the expiry of material that it no longer has.
function expiryOf({ importState, expirationModel, validTo }: MaterialEvidence): Html | string {
  if (importState !== 'IMPORTED') return missing('not in KMS: never imported, deleted or expired');
  const expires = expirationModel !== 'KEY_MATERIAL_DOES_NOT_EXPIRE';
  return validTo ?? (expires ? missing('KMS does not show it') : 'does not expire');
}

/** Draws the record of an import. */
export function recordBlock(record: ImportRecord): Html {
  const text = (value: string): Html => html`${value}`;
  return html`<h4>Import, as stack export ${record.stackExport + 1} has it</h4>
    <dl>
      ${row('Resource', code(record.urn))}
      ${row('Fingerprint', fact(record.materialFingerprint, code))}
      ${row('Source', fact(record.source, text))}
      ${row('Check value', fact(record.checkValue, checkValue))}
      ${row('First imported', fact(record.firstImportedAt, text))}
      ${row('Last imported', fact(record.importedAt, text))}
      ${row('Wrapped by', fact(record.wrappingAlgorithm, text))}
      ${row('Wrapping key', fact(record.wrappingKeySpec, text))}
      ${row('SHA-256 of the wrapping key', fact(record.wrappingPublicKeySha256, code))}
      ${row('TLS key exchange', fact(record.keyExchange, text))}
      ${row('Request ID', fact(record.requestId, code))}
    </dl>`;
}

function checkValue({ method, value }: { readonly method: string; readonly value: string }): Html {
  return method === 'AES_CMAC'
    ? html`CMAC of 16 zero bytes: ${code(value.slice(0, 6))} (3 bytes), ${code(value)} (5 bytes)`
    : html`${method}: ${code(value)}`;
}

function accessTable(access: KeyPolicyAccess): Html {
  return table(
    ['Permission', 'Allowed', 'Denied'],
    PERMISSION_NAMES.map((name) => [
      html`${PERMISSION_TEXTS[name]}`,
      entries(access[name].allowed),
      entries(access[name].denied),
    ]),
  );
}

function entries(found: readonly PolicyEntry[]): Html {
  if (found.length === 0) return html`nobody`;
  return html`${found.map(
    ({ principal, isExceptNamed, statement, conditions }) =>
      html`<div>
        ${code(principal)} ${isExceptNamed ? 'except those that it names' : ''} (statement
        ${statement}${conditions.length === 0 ? '' : `, if ${conditions.join(', ')}`})
      </div>`,
  )}`;
}
