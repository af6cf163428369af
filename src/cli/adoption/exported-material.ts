import { ByokError } from '../../errors';
import { decode, openMaterial } from '../../material/open-source';
import type { Material } from '../../material/material';
import { type ExportedResource, nameOf, resourcesOf, type StackExport } from './stack-export';

const EXTERNAL_KEYS = [
  'aws:kms/externalKey:ExternalKey',
  'aws:kms/replicaExternalKey:ReplicaExternalKey',
];
const MATERIAL = 'keyMaterialBase64';

// How the engine writes a secret (sdk/go/common/resource/properties.go of pulumi/pulumi).
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** The reason why no resource takes material over, so that it is only kept. */
export type OnlyKept = 'pending-deletion' | 'external';

/** Material in the state of a key of the aws provider. */
export interface ExportedMaterial {
  /** Position of the resource in the export; several resources may have the same URN. */
  readonly index: number;
  readonly urn: string;
  /** The name in the program. */
  readonly name: string;
  /** ARN of the key; undefined if the state has none, after a failed update. */
  readonly keyArn: string | undefined;
  readonly protect: boolean;
  /** Absent for the key that the stack manages under this URN. */
  readonly onlyKept?: OnlyKept;
  /** Returns the bytes, which the caller erases; absent if the export has them only in encrypted form. */
  readonly bytes?: () => Buffer;
  /** The text in the export, to search for it in other resources. */
  readonly text?: string;
}

/**
 * Finds the material of every `ExternalKey` and `ReplicaExternalKey` of a stack export. Refuses an ambiguous
 * export, so that the order of the resources decides nothing.
 *
 * @throws {@link ByokError} `STACK_EXPORT`, `MATERIAL_ENCODING`
 */
export function exportedMaterials(document: StackExport): readonly ExportedMaterial[] {
  for (const { resource, type } of document.deployment.pending_operations ?? []) {
    refuseIf(
      isKey(resource) && values(resource).length > 0,
      `${resource.urn} has an operation that was interrupted (${type ?? 'unknown'})`,
      'run pulumi refresh',
    );
  }
  const found = resourcesOf(document).flatMap((resource, index) =>
    isKey(resource) && values(resource).length > 0 ? [materialIn(resource, index)] : [],
  );
  assertOneResourceForEachKey(found);
  return found;
}

/** Returns a copy of an export without some of its material, and with no other change. */
export function withoutMaterials(
  document: StackExport,
  gone: readonly ExportedMaterial[],
): StackExport {
  const copy = structuredClone(document);
  for (const { index } of gone) {
    const { inputs, outputs, propertyDependencies } = resourcesOf(copy)[index] ?? {};
    for (const members of [inputs, outputs, propertyDependencies]) {
      if (members != null) Reflect.deleteProperty(members, MATERIAL);
    }
  }
  return copy;
}

/** Opens the material as a source would; undefined if the export has it only in encrypted form. */
export function openExported({ bytes }: ExportedMaterial): Material | undefined {
  return bytes === undefined ? undefined : openMaterial(bytes(), 'raw');
}

function isKey({ type }: ExportedResource): boolean {
  return EXTERNAL_KEYS.includes(type);
}

function values({ inputs, outputs }: ExportedResource): unknown[] {
  return [inputs?.[MATERIAL], outputs?.[MATERIAL]].filter((value) => !isEmpty(value));
}

// The aws provider writes an empty string or null if the program gives no material, and the engine writes either
// as a secret.
function isEmpty(value: unknown): boolean {
  const plain = revealed(value);
  return plain === undefined || plain === null || plain === '';
}

function materialIn(resource: ExportedResource, index: number): ExportedMaterial {
  const { urn, outputs, protect } = resource;
  refuseIf(
    resource.pendingReplacement === true,
    `${urn} was deleted, and its replacement does not exist yet`,
    'run pulumi up, which creates it',
  );
  const found = values(resource).map(inClear);
  const texts = [...new Set(found.filter((text) => text !== undefined))];
  refuseIf(
    texts.length > 0 && found.includes(undefined),
    `${urn} has material that is in clear in one place and unreadable in another, so the two cannot be compared`,
    'give --show-secrets to pulumi stack export',
  );
  const contents = texts.map((text) => ({
    text,
    bytes: decode(Buffer.from(text, 'utf8'), 'base64'),
  }));
  const [first, second] = contents;
  const differ = first !== undefined && second !== undefined && !first.bytes.equals(second.bytes);
  for (const { bytes } of contents) bytes.fill(0);
  refuseIf(
    differ,
    `the inputs and outputs of ${urn} have different material`,
    'run pulumi up, which makes them equal',
  );
  const arn = outputs?.arn;
  return {
    index,
    urn,
    name: nameOf(urn),
    keyArn: typeof arn === 'string' && arn !== '' ? arn : undefined,
    protect: protect === true,
    ...onlyKept(resource),
    ...(first === undefined
      ? {}
      : {
          text: first.text,
          bytes: () => decode(Buffer.from(first.text, 'utf8'), 'base64'),
        }),
  };
}

function onlyKept(resource: ExportedResource): { onlyKept?: OnlyKept } {
  if (resource.delete === true) return { onlyKept: 'pending-deletion' };
  return resource.external === true ? { onlyKept: 'external' } : {};
}

function inClear(value: unknown): string | undefined {
  const plain = revealed(value);
  return typeof plain === 'string' ? plain : undefined;
}

/** Returns the value inside a secret. Returns other values, and secrets in encrypted form, as they are. */
function revealed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { [SIGNATURE]: kind, plaintext } = value as Readonly<Record<string, unknown>>;
  if (kind !== SECRET || typeof plaintext !== 'string') return value;
  try {
    return JSON.parse(plaintext) as unknown;
  } catch {
    return value;
  }
}

// The engine deletes the key of a resource that is pending deletion, even if another resource manages it.
function assertOneResourceForEachKey(found: readonly ExportedMaterial[]): void {
  const owners = new Map<string, ExportedMaterial>();
  for (const one of found) {
    if (one.keyArn === undefined || one.onlyKept === 'external') continue;
    const other = owners.get(one.keyArn);
    refuseIf(
      other !== undefined,
      `${one.urn} and ${other?.urn ?? ''} are the same key, ${one.keyArn}`,
      'remove one of them from the state with pulumi state delete',
    );
    owners.set(one.keyArn, one);
  }
}

function refuseIf(wrong: boolean, fault: string, remedy: string): void {
  if (!wrong) return;
  throw new ByokError('STACK_EXPORT', `${fault}: ${remedy}, and export again. Nothing was written`);
}
