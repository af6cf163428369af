import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ByokError } from '../../errors';
import { decode, openMaterial } from '../../material/open-source';
import type { Material } from '../../material/material';

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  propertyDependencies: z.record(z.string(), z.unknown()).nullish(),
});

// Version 3 is what every Pulumi CLI has written since 2019.
const stackExport = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.looseObject({ resource })).nullish(),
  }),
});

type Resource = z.infer<typeof resource>;

const EXTERNAL_KEYS = [
  'aws:kms/externalKey:ExternalKey',
  'aws:kms/replicaExternalKey:ReplicaExternalKey',
];
const MATERIAL = 'keyMaterialBase64';

// How the engine writes a secret (sdk/go/common/resource/properties.go of pulumi/pulumi).
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** Material that stood in the state of a key of the aws provider. */
export interface TakenMaterial {
  readonly urn: string;
  /** The last part of the URN. */
  readonly name: string;
  /** ARN of the key; absent where the state has none, after a failed update. */
  readonly keyArn: string | undefined;
  /** Opens the material; absent where the export has it in encrypted form. */
  readonly open?: () => Material;
  /**
   * Writes the bytes of the material to a new file for its owner alone.
   *
   * @throws {@link ByokError} `FILE_EXISTS`, `FILE_UNWRITABLE`
   */
  readonly save?: (path: string) => void;
}

/** A stack export without the material of the keys of the aws provider. */
export interface RedactedExport {
  /** JSON, for `pulumi stack import`. */
  readonly text: string;
  readonly taken: readonly TakenMaterial[];
  /** Where the same material stands in other resources, as far as the export shows it in clear. */
  readonly remaining: readonly string[];
}

/**
 * Takes `keyMaterialBase64` out of every `ExternalKey` and `ReplicaExternalKey` of a stack export, in
 * clear and in secret form, and changes nothing else.
 *
 * @throws {@link ByokError} `STACK_EXPORT`, `MATERIAL_ENCODING`
 */
export function takeMaterialOut(text: string): RedactedExport {
  const document = parse(text);
  const { resources, pending_operations: pending } = document.deployment;
  const all = [...(resources ?? []), ...(pending ?? []).map((one) => one.resource)];
  const keys = all.filter(({ type }) => EXTERNAL_KEYS.includes(type));
  const found = keys.flatMap((key) => {
    const plaintexts = [key.inputs?.[MATERIAL], key.outputs?.[MATERIAL]].filter(isThere);
    for (const members of [key.inputs, key.outputs, key.propertyDependencies]) {
      if (members != null) Reflect.deleteProperty(members, MATERIAL);
    }
    if (plaintexts.length === 0) return [];
    return [{ key, plaintext: plaintexts.map(inClear).find((one) => one !== undefined) }];
  });
  const taken = new Map(found.map(({ key, plaintext }) => [key.urn, takenFrom(key, plaintext)]));
  return {
    text: `${JSON.stringify(document, undefined, 4)}\n`,
    taken: [...taken.values()],
    remaining: found.flatMap(({ plaintext }) => occurrences(all, plaintext)),
  };
}

function parse(text: string): z.infer<typeof stackExport> {
  const refuse = (): never => {
    throw new ByokError(
      'STACK_EXPORT',
      'the file is not a stack export of version 3: write it with pulumi stack export, and change nothing in it',
    );
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser quotes what it read.
    refuse();
  }
  const parsed = stackExport.safeParse(json);
  return parsed.success ? parsed.data : refuse();
}

// An aws provider writes an empty text or null where the program gives no material.
function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
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

function takenFrom(key: Resource, plaintext: string | undefined): TakenMaterial {
  const arn = key.outputs?.arn;
  const about = {
    urn: key.urn,
    name: key.urn.split('::').at(-1) ?? key.urn,
    keyArn: typeof arn === 'string' ? arn : undefined,
  };
  if (plaintext === undefined) return about;
  return {
    ...about,
    open: () => openMaterial(Buffer.from(plaintext, 'utf8'), 'base64'),
    save: (path) => {
      save(decode(Buffer.from(plaintext, 'utf8'), 'base64'), path);
    },
  };
}

function save(bytes: Buffer, path: string): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code !== 'EEXIST') rmSync(path, { force: true });
    throw new ByokError(
      code === 'EEXIST' ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
      `${path} cannot be written (${code}): material is never written over a file, name another folder`,
    );
  } finally {
    bytes.fill(0);
  }
}

function occurrences(resources: readonly Resource[], plaintext: string | undefined): string[] {
  if (plaintext === undefined) return [];
  return resources.flatMap(({ urn, inputs, outputs }) => {
    const holds = (value: unknown): boolean => JSON.stringify(value).includes(plaintext);
    const names = [inputs, outputs].flatMap((members = {}) =>
      Object.keys(members).filter((name) => holds(members[name])),
    );
    return [...new Set(names)].map((name) => `${urn} (${name})`);
  });
}
