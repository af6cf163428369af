import type { Fingerprint } from '../../domain/fingerprint';
import type { KeyReference } from '../../domain/identifiers';
import { IMPORTABLE_KEY_SPECS, importableKeySpec } from '../../domain/key-specs';
import { needs } from '../../errors';
import type { Material } from '../../material/material';
import { openLocalSource } from '../../material/open-source';
import { isLocal, isReadable, type SourceReference } from '../../material/source-reference';
import { SOURCES } from '../../material/sources';
import { declaredKind, declaredReference } from './declared-source';
import type { KnownInputs } from './inputs';
import { containsUnknown, UNKNOWN } from '../unknown';
import type { Vault } from '../plaintext-cache';

/** What stands in state in place of the material. */
export interface ReceivedMaterial {
  readonly materialSource: SourceReference | typeof UNKNOWN;
  /** Absent for a source that is not read at preview. */
  readonly materialFingerprint?: Fingerprint | typeof UNKNOWN;
}

interface Reception {
  /** The input as it came, possibly unknown in parts. */
  readonly declared: unknown;
  readonly known: KnownInputs['material'];
  /** What an earlier update, or an import file, says of the material. */
  readonly carried: Partial<ReceivedMaterial>;
  readonly key: KeyReference | undefined;
  readonly keySpec: string | undefined;
  readonly region: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Absent when the material is only looked at. */
  readonly vault: Vault | undefined;
}

/**
 * Takes the material out of the inputs: the one function of this room that sees inline plaintext.
 *
 * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_SOURCE`, `MATERIAL_*` and `BUNDLE_*` of the source
 */
export async function receiveMaterial(reception: Reception): Promise<ReceivedMaterial> {
  const { declared, known, carried, key, keySpec, region, env, vault } = reception;
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
    if (key !== undefined && !isReadable(source)) vault?.depositSource(key, source, known);
    return { materialSource: source };
  }
  const material = await openLocalSource(source, known, { env });
  let keep = false;
  try {
    if (keySpec === undefined) needsSomeFit(material, region);
    else material.needsFit(importableKeySpec(keySpec), region);
    const materialSource = withDeadline(source, material);
    if (key === undefined) return { materialSource, materialFingerprint: UNKNOWN };
    const fingerprint = material.fingerprint(key);
    if (!isReadable(source) && vault !== undefined) {
      vault.deposit(fingerprint, material);
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
function needsSomeFit(material: Material, region: string | undefined): void {
  const fits = IMPORTABLE_KEY_SPECS.some((keySpec) => {
    try {
      material.needsFit(keySpec, region);
      return true;
    } catch {
      return false;
    }
  });
  needs(
    fits,
    'MATERIAL_LENGTH',
    'material has a length that no key spec takes: 32 bytes for SYMMETRIC_DEFAULT, 28 to 128 for HMAC keys, 2048, 3072 or 4096 bits for RSA; if the source is text, set its encoding',
  );
}

function carriedOn({
  materialSource,
  materialFingerprint,
}: Partial<ReceivedMaterial>): ReceivedMaterial {
  needs(
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
