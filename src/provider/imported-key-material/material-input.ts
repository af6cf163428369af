import { z } from 'zod';
import type { Fingerprint } from '../../domain/fingerprint';
import type { KeyReference } from '../../domain/identifiers';
import { IMPORTABLE_KEY_SPECS, importableKeySpec } from '../../domain/key-specs';
import { SOURCE_KINDS, type SourceKind } from '../../domain/source-kinds';
import { assert } from '../../errors';
import type { Material } from '../../material/material';
import { assertImportableFrom, openLocalSource } from '../../material/open-source';
import type { LocalContext } from '../../material/source';
import {
  isLocal,
  isReadable,
  type SourceReference,
  givesBytes,
  PLAIN_KINDS,
  referTo,
  SOURCES,
} from '../../material/sources';
import { sourceReference, type DeclaredMaterial } from '../../material/source-schema';
import type { PlaintextCache } from './read-material';
import { containsUnknown, UNKNOWN } from '../protocol';
import type { KnownInputs } from './inputs';

/** What stands in state in place of the material. */
export interface MaterialInState {
  readonly materialSource: SourceReference | typeof UNKNOWN;
  /** Absent for a source that is not read at preview. */
  readonly materialFingerprint?: Fingerprint | typeof UNKNOWN;
}

interface MaterialInput {
  /** The input as it came, possibly unknown in parts. */
  readonly declared: unknown;
  readonly known: KnownInputs['material'];
  readonly list?: KnownInputs['list'];
  /** What an earlier update, or an import file, says of the material. */
  readonly carried: Partial<MaterialInState>;
  readonly key: KeyReference | undefined;
  readonly keySpec: string | undefined;
  readonly region: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly warn?: LocalContext['warn'];
  /** Absent when the material is only looked at. */
  readonly plaintexts: PlaintextCache | undefined;
}

/**
 * Takes the material out of the inputs: the one function of this room that sees inline plaintext.
 *
 * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_SOURCE`, `MATERIAL_*` and `BUNDLE_*` of the source
 */
export async function parseMaterialInput(reception: MaterialInput): Promise<MaterialInState> {
  const { declared, known, carried, key, keySpec, region, env, warn, plaintexts } = reception;
  if (declared === UNKNOWN) {
    return { materialSource: UNKNOWN, materialFingerprint: UNKNOWN };
  }
  if (declared === undefined) {
    const received = carriedOn(carried);
    // A fingerprint is bound to its key, and in this preview the key may become another.
    return key === undefined ? { ...received, materialFingerprint: UNKNOWN } : received;
  }
  const kind = declaredKind(declared);
  if (known === undefined || containsUnknown(declared)) {
    const encoding = known?.encoding ?? SOURCES[kind].encoding;
    return {
      materialSource: kind === 'inline' ? { kind, encoding } : UNKNOWN,
      materialFingerprint: UNKNOWN,
    };
  }

  const source = declaredReference(kind, known);
  if (!isLocal(source)) {
    if (key !== undefined && !isReadable(source)) plaintexts?.addSource(key, source, known);
    return { materialSource: source };
  }
  const material = await openLocalSource(source, known, { env, warn });
  let keep = false;
  try {
    if (keySpec === undefined) assertFitsSomeKeySpec(material, region);
    else material.assertFits(importableKeySpec(keySpec), region);
    const materialSource = withDeadline(source, material);
    if (key === undefined) {
      // Wrapped material is for a key that exists.
      if (kind !== 'wrapped') plaintexts?.assertNew(material, reception.list);
      return { materialSource, materialFingerprint: UNKNOWN };
    }
    const fingerprint = material.fingerprint(key);
    if (!isReadable(source) && plaintexts !== undefined) {
      plaintexts.add(fingerprint, material);
      keep = true;
    }
    return { materialSource, materialFingerprint: fingerprint };
  } finally {
    if (!keep) material.close();
  }
}

// State knows until when the material can be imported, so that a later preview can tell without it.
function withDeadline(source: SourceReference, { wrappedFor }: Material): SourceReference {
  return source.kind === 'wrapped' && wrappedFor !== undefined
    ? { ...source, parametersValidTo: wrappedFor.parametersValidTo }
    : source;
}

// Without a declared key spec a preview can still tell what no key takes.
function assertFitsSomeKeySpec(material: Material, region: string | undefined): void {
  const fits = IMPORTABLE_KEY_SPECS.some((keySpec) => {
    try {
      material.assertFits(keySpec, region);
      return true;
    } catch {
      return false;
    }
  });
  assert(
    fits,
    'MATERIAL_LENGTH',
    'material has a length that no key spec takes: 32 bytes for SYMMETRIC_DEFAULT, 28 to 128 for HMAC keys, 2048, 3072 or 4096 bits for RSA; if the source is text, set its encoding',
  );
}

function carriedOn({
  materialSource,
  materialFingerprint,
}: Partial<MaterialInState>): MaterialInState {
  assert(
    materialSource !== undefined &&
      (materialFingerprint !== undefined ||
        (materialSource !== UNKNOWN && !isLocal(materialSource))),
    'MATERIAL_MISSING',
    'material is missing: name a source, such as { file: "material.bin" }; under ignoreChanges it stands for the material of the last update, which cannot serve another key',
  );
  return materialFingerprint === undefined
    ? { materialSource }
    : { materialSource, materialFingerprint };
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Finds which kind of source a program declares, also while its members are unknown.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function declaredKind(declared: unknown): SourceKind {
  const members = declared as Members;
  const kind = onlyKind(members, SOURCE_KINDS, 'material');
  const { encoding, passphrase } = members;
  if (passphrase !== undefined && passphrase !== UNKNOWN) {
    onlyKind(passphrase as Members, PLAIN_KINDS, 'material.passphrase');
  }
  for (const other of SOURCE_KINDS.filter((each) => each !== kind)) {
    const option = Object.keys(SOURCES[other].members).find((name) => members[name] !== undefined);
    assert(
      option === undefined,
      'MATERIAL_SOURCE',
      `material.${option ?? ''} belongs to material.${other}: remove it`,
    );
  }
  assert(
    givesBytes(kind) || (encoding === undefined && passphrase === undefined),
    'MATERIAL_SOURCE',
    `material.encoding and material.passphrase say how bytes are read, and material.${kind} shows none: remove them`,
  );
  return kind;
}

/**
 * Refers to a source: the part of what a program declares that may stand in state.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function declaredReference(kind: SourceKind, declared: DeclaredMaterial): SourceReference {
  const { encoding = SOURCES[kind].encoding, passphrase } = declared;
  return {
    ...referTo(kind, declared),
    ...(encoding === undefined ? {} : { encoding }),
    ...(passphrase === undefined
      ? {}
      : {
          passphrase: referTo(onlyKind(passphrase, PLAIN_KINDS, 'material.passphrase'), passphrase),
        }),
  };
}

function onlyKind<Kind extends string>(
  declared: Members,
  possible: readonly Kind[],
  name: string,
): Kind {
  const kinds = possible.filter((kind) => declared[kind] !== undefined);
  const [kind] = kinds;
  assert(
    kind !== undefined && kinds.length === 1,
    'MATERIAL_SOURCE',
    `${name} names exactly one source of ${possible.join(', ')}`,
  );
  return kind;
}

// What this provider itself writes in place of the material, and what an import file repeats.
const importFile = z.object({
  materialSource: sourceReference,
  materialFingerprint: z
    .string()
    .regex(/^v1:[0-9a-f]{64}$/)
    .optional(),
});

/**
 * Accepts `materialSource` and `materialFingerprint` as an import file has them, in place of
 * `material`, and in no other form: they go to state as they are.
 *
 * @throws {@link ByokError} `UNKNOWN_INPUT`
 */
export function assertImportFile(
  declared: unknown,
  imported: { readonly materialSource: unknown; readonly materialFingerprint: unknown },
): void {
  const given = imported.materialSource !== undefined || imported.materialFingerprint !== undefined;
  assert(
    !given || (declared === undefined && importFile.safeParse(imported).success),
    'UNKNOWN_INPUT',
    'materialSource and materialFingerprint are outputs, and no inputs of ImportedKeyMaterial; the nearest known name is material',
  );
}

/**
 * Refuses a source that cannot be imported from at this time, before anything is called.
 *
 * @throws {@link ByokError} `BUNDLE_EXPIRED`
 */
export function assertImportable(source: SourceReference | typeof UNKNOWN, now: Date): void {
  if (source !== UNKNOWN) assertImportableFrom(source, now);
}
