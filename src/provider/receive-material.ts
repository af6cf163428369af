import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { importableKeySpec } from '../domain/key-specs';
import { needs } from '../errors';
import type { Material, SourceReference } from '../material/material';
import { DEFAULT_ENCODING, openInline, openSource } from '../material/sources';
import type { KnownInputs } from './schema';
import { containsUnknown, UNKNOWN } from './unknown';
import type { Vault } from './vault';

/** What stands in state in place of the material. */
export interface ReceivedMaterial {
  readonly materialSource: SourceReference | typeof UNKNOWN;
  readonly materialFingerprint: Fingerprint | typeof UNKNOWN;
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
 * @throws {@link ByokError} `MATERIAL_MISSING`, `MATERIAL_SOURCE`, `MATERIAL_*` of the source
 */
export async function receiveMaterial(reception: Reception): Promise<ReceivedMaterial> {
  const { declared, known, carried, key, keySpec, region, vault } = reception;
  if (declared === UNKNOWN) {
    return { materialSource: UNKNOWN, materialFingerprint: UNKNOWN };
  }
  if (declared === undefined) {
    const { materialSource, materialFingerprint } = carried;
    needs(
      materialSource !== undefined && materialFingerprint !== undefined,
      'MATERIAL_MISSING',
      'material is missing: name a source, such as { file: "material.bin" }',
    );
    return { materialSource, materialFingerprint };
  }
  const kinds = (['inline', 'file', 'env'] as const).filter(
    (kind) => (declared as Partial<Record<string, unknown>>)[kind] !== undefined,
  );
  const [kind] = kinds;
  needs(
    kind !== undefined && kinds.length === 1,
    'MATERIAL_SOURCE',
    'material names exactly one source: inline, file or env',
  );
  const encoding = known?.encoding ?? DEFAULT_ENCODING[kind];
  if (containsUnknown(declared)) {
    return {
      materialSource: kind === 'inline' ? { kind, encoding } : UNKNOWN,
      materialFingerprint: UNKNOWN,
    };
  }

  let source: SourceReference;
  let material: Material;
  if (known?.inline !== undefined) {
    source = { kind: 'inline', encoding };
    material = openInline(known.inline, encoding);
  } else {
    const readable =
      known?.file !== undefined
        ? ({ kind: 'file', file: known.file, encoding } as const)
        : ({ kind: 'env', env: known?.env ?? '', encoding } as const);
    source = readable;
    material = await openSource(readable, { env: reception.env });
  }

  let keep = false;
  try {
    if (keySpec !== undefined) material.needsFit(importableKeySpec(keySpec), region);
    if (key === undefined) return { materialSource: source, materialFingerprint: UNKNOWN };
    const fingerprint = material.fingerprint(key);
    if (source.kind === 'inline' && vault !== undefined) {
      vault.deposit(fingerprint, material);
      keep = true;
    }
    return { materialSource: source, materialFingerprint: fingerprint };
  } finally {
    if (!keep) material.close();
  }
}
