import * as z from 'zod';
import { isFingerprint, type Fingerprint } from '../../domain/fingerprint';
import type { KeyReference } from '../../domain/identifiers';
import { importableKeySpec } from '../../domain/key-specs';
import { SOURCE_KINDS, type SourceKind } from '../../domain/source-kinds';
import { assert } from '../../errors';
import type { Material } from '../../material/material';
import {
  assertCheckableFrom,
  assertImportableFrom,
  assertPassphraseIsThere,
  openLocalSource,
} from '../../material/open-source';
import {
  isLocal,
  isReadable,
  givesBytes,
  PLAIN_KINDS,
  referTo,
  SOURCES,
  type SourceReference,
} from '../../material/sources';
import { sourceReference, type DeclaredMaterial } from '../../material/source-schema';
import type { PreviewContext } from './read-material';
import { containsUnknown, UNKNOWN } from '../protocol';
import type { KnownInputs } from './inputs';

/** Members of the state that replace the material. */
export interface MaterialInState {
  readonly materialSource: SourceReference | typeof UNKNOWN;
  /** Absent for a source that a preview does not read. */
  readonly materialFingerprint?: Fingerprint | typeof UNKNOWN;
}

interface MaterialInput {
  /** The input as the program declares it; parts of it may be unknown. */
  readonly declared: unknown;
  readonly known: KnownInputs['material'];
  readonly list?: KnownInputs['list'];
  /** The material of an earlier update, or of an import file. */
  readonly carried: Partial<MaterialInState>;
  readonly key: KeyReference | undefined;
  readonly keySpec: string | undefined;
  readonly region: string | undefined;
}

export type { PreviewContext };

/**
 * Takes the material out of the inputs. No other function of `provider` sees inline plaintext.
 *
 * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_SOURCE`, `MATERIAL_*` and `BUNDLE_*` of the source
 */
export async function parseMaterialInput(
  { declared, known, list, carried, key, keySpec, region }: MaterialInput,
  context: PreviewContext,
): Promise<MaterialInState> {
  const { plaintexts } = context;
  if (declared === UNKNOWN) {
    return { materialSource: UNKNOWN, materialFingerprint: UNKNOWN };
  }
  if (declared === undefined) {
    const received = carriedOn(carried);
    // A fingerprint is for one key, and in this preview the key may become another.
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
    await assertPassphraseIsThere(source, known, context);
    if (key !== undefined && !isReadable(source)) plaintexts?.addSource(key, source, known);
    if (kind === 'pkcs11') {
      context.warn?.(
        'the PIN of material.pkcs11 comes from a command, which a preview does not run, so only the import looks at the key',
      );
    }
    return { materialSource: source };
  }
  const material = await openLocalSource(source, known, context);
  let keep = false;
  try {
    material.assertFits(keySpec === undefined ? undefined : importableKeySpec(keySpec), region);
    const materialSource = withParameters(source, material);
    if (key === undefined) {
      // Wrapped material is always for an existing key.
      if (kind !== 'wrapped') await plaintexts?.assertNew(material, list);
      return { materialSource, materialFingerprint: UNKNOWN };
    }
    const fingerprint = await material.fingerprint(key);
    if (!isReadable(source) && plaintexts !== undefined) {
      plaintexts.add(fingerprint, material);
      keep = true;
    }
    return { materialSource, materialFingerprint: fingerprint };
  } finally {
    if (!keep) material.close();
  }
}

// State has the deadline of the import, so later previews can check it without the material. Policies judge the
// wrapping.
function withParameters(source: SourceReference, { wrappedFor }: Material): SourceReference {
  if (source.kind !== 'wrapped' || wrappedFor === undefined) return source;
  const { parametersValidTo, wrappingAlgorithm, wrappingKeySpec } = wrappedFor;
  return { ...source, parametersValidTo, wrappingAlgorithm, wrappingKeySpec };
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
    'material is missing: name a source, such as { file: "material.bin" }; under ignoreChanges the material of the last update remains, which cannot be used for another key',
  );
  return materialFingerprint === undefined
    ? { materialSource }
    : { materialSource, materialFingerprint };
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns which kind of source a program declares, also if its members are unknown.
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
    const option = Object.keys(SOURCES[other].members).find(
      (name) => members[name] !== undefined && !(name in SOURCES[kind].members),
    );
    assert(
      option === undefined,
      'MATERIAL_SOURCE',
      `material.${option ?? ''} belongs to material.${other}: remove it`,
    );
  }
  assert(
    givesBytes(kind) || (encoding === undefined && passphrase === undefined),
    'MATERIAL_SOURCE',
    `material.encoding and material.passphrase say how to read bytes, and material.${kind} has none: remove them`,
  );
  return kind;
}

/**
 * Returns the reference to a source: the part of the declaration that state may have.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function declaredReference(kind: SourceKind, declared: DeclaredMaterial): SourceReference {
  const usual = SOURCES[kind].encoding;
  const { encoding = usual, passphrase } = declared;
  return {
    ...referTo(kind, declared),
    ...(encoding === undefined ? {} : { encoding }),
    // Where raw is the default, state has to show that it was declared, because only then any length is deliberate.
    ...(declared.encoding === 'raw' && usual === 'raw' ? { isEncodingDeclared: true } : {}),
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

// This provider writes these members in place of the material, and an import file repeats them.
const importFile = z.object({
  materialSource: sourceReference,
  materialFingerprint: z.custom<Fingerprint>(isFingerprint).optional(),
});

/**
 * Accepts `materialSource` and `materialFingerprint` only in the form of an import file and without
 * `material`, because they go to state unchanged.
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
    'materialSource and materialFingerprint are outputs of ImportedKeyMaterial, not inputs; the nearest known name is material',
  );
}

/**
 * Refuses a source whose material can no longer be imported, before anything is called.
 *
 * @throws {@link ByokError} `BUNDLE_EXPIRED`
 */
export function assertImportable(source: SourceReference | typeof UNKNOWN, now: Date): void {
  if (source !== UNKNOWN) assertImportableFrom(source, now);
}

/**
 * Refuses a source whose material nobody here can compute a check value of, before anything is called.
 *
 * @throws {@link ByokError} `CHECK_VALUE_UNAVAILABLE`
 */
export function assertCheckable(source: SourceReference | typeof UNKNOWN): void {
  if (source !== UNKNOWN) assertCheckableFrom(source);
}
