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

/** Why the material of a resource is only kept in a file, and no resource takes it over. */
export type OnlyKept = 'pending-deletion' | 'external';

/** Material in the state of a key of the aws provider. */
export interface HeldMaterial {
  /** Where the resource is in the export; a URN may occur several times. */
  readonly index: number;
  readonly urn: string;
  /** The name in the program. */
  readonly name: string;
  /** ARN of the key; absent where the state has none, after a failed update. */
  readonly keyArn: string | undefined;
  readonly protect: boolean;
  /** Absent for the key that the stack manages under this URN. */
  readonly onlyKept?: OnlyKept;
  /** Gives the bytes, for the caller to erase; absent where the export has them in encrypted form. */
  readonly bytes?: () => Buffer;
  /** The form in which the export has it, to look for it elsewhere. */
  readonly text?: string;
}

/**
 * Finds the material of every `ExternalKey` and `ReplicaExternalKey` of a stack export, and refuses what is
 * ambiguous, so that nothing is decided by the order of the resources.
 *
 * @throws {@link ByokError} `STACK_EXPORT`, `MATERIAL_ENCODING`
 */
export function heldMaterials(document: StackExport): readonly HeldMaterial[] {
  for (const { resource, type } of document.deployment.pending_operations ?? []) {
    refuseIf(
      isKey(resource) && values(resource).length > 0,
      `${resource.urn} has an operation that was interrupted (${type ?? 'unknown'})`,
      'run pulumi refresh, which settles it',
    );
  }
  const found = resourcesOf(document).flatMap((resource, index) =>
    isKey(resource) && values(resource).length > 0 ? [heldIn(resource, index)] : [],
  );
  assertOneResourceForEachKey(found);
  return found;
}

/** Removes the material of some resources of an export, and changes nothing else. */
export function withoutMaterials(
  document: StackExport,
  gone: readonly HeldMaterial[],
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

/** Opens the material as a source would; undefined where the export has it in encrypted form. */
export function openHeld({ bytes }: HeldMaterial): Material | undefined {
  return bytes === undefined ? undefined : openMaterial(bytes(), 'raw');
}

function isKey({ type }: ExportedResource): boolean {
  return EXTERNAL_KEYS.includes(type);
}

function values({ inputs, outputs }: ExportedResource): unknown[] {
  // An aws provider writes an empty text or null where the program gives no material.
  return [inputs?.[MATERIAL], outputs?.[MATERIAL]].filter(
    (value) => value !== undefined && value !== null && value !== '',
  );
}

function heldIn(resource: ExportedResource, index: number): HeldMaterial {
  const { urn, outputs, protect } = resource;
  refuseIf(
    resource.pendingReplacement === true,
    `${urn} was deleted for a replacement that is not made yet`,
    'run pulumi up, which makes it',
  );
  const texts = [...new Set(values(resource).flatMap((value) => inClear(value) ?? []))];
  const contents = texts.map((text) => ({
    text,
    bytes: decode(Buffer.from(text, 'utf8'), 'base64'),
  }));
  const [first, second] = contents;
  const differ = first !== undefined && second !== undefined && !first.bytes.equals(second.bytes);
  for (const { bytes } of contents) bytes.fill(0);
  refuseIf(
    differ,
    `inputs and outputs of ${urn} have different material`,
    'run pulumi up, which leaves one of them',
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
  if (typeof value === 'string') return value;
  const { [SIGNATURE]: kind, plaintext } = value as Readonly<Record<string, unknown>>;
  if (kind !== SECRET || typeof plaintext !== 'string') return undefined;
  try {
    const text: unknown = JSON.parse(plaintext);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

// The engine deletes the key of a resource that is pending deletion, even if another resource manages it.
function assertOneResourceForEachKey(found: readonly HeldMaterial[]): void {
  const owners = new Map<string, HeldMaterial>();
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

function refuseIf(wrong: boolean, what: string, remedy: string): void {
  if (!wrong) return;
  throw new ByokError('STACK_EXPORT', `${what}: ${remedy}, and export again. Nothing was written`);
}
