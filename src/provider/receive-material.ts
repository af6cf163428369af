import type { Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { importableKeySpec } from '../domain/key-specs';
import { needs } from '../errors';
import { isReadable, type Reference, type SourceReference } from '../material/source-reference';
import { DEFAULT_ENCODING, openSource } from '../material/sources';
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
  const kind = kindOf(declared, 'material');
  const { passphrase } = declared as { readonly passphrase?: unknown };
  if (passphrase !== undefined && passphrase !== UNKNOWN) kindOf(passphrase, 'material.passphrase');
  if (known === undefined || containsUnknown(declared)) {
    const encoding = known?.encoding ?? DEFAULT_ENCODING[kind];
    return {
      materialSource: kind === 'inline' ? { kind, encoding } : UNKNOWN,
      materialFingerprint: UNKNOWN,
    };
  }

  const source: SourceReference = {
    ...referenceOf(known),
    encoding: known.encoding ?? DEFAULT_ENCODING[kind],
    ...(known.passphrase === undefined ? {} : { passphrase: referenceOf(known.passphrase) }),
  };
  const inline = { material: known.inline, passphrase: known.passphrase?.inline };
  const material = await openSource(source, inline, { env: reception.env });
  let keep = false;
  try {
    if (keySpec !== undefined) material.needsFit(importableKeySpec(keySpec), region);
    if (key === undefined) return { materialSource: source, materialFingerprint: UNKNOWN };
    const fingerprint = material.fingerprint(key);
    if (!isReadable(source) && vault !== undefined) {
      vault.deposit(fingerprint, material);
      keep = true;
    }
    return { materialSource: source, materialFingerprint: fingerprint };
  } finally {
    if (!keep) material.close();
  }
}

function kindOf(declared: unknown, name: string): Reference['kind'] {
  const kinds = (['inline', 'file', 'env'] as const).filter(
    (kind) => (declared as Partial<Record<string, unknown>>)[kind] !== undefined,
  );
  const [kind] = kinds;
  needs(
    kind !== undefined && kinds.length === 1,
    'MATERIAL_SOURCE',
    `${name} names exactly one source: inline, file or env`,
  );
  return kind;
}

function referenceOf(known: {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}): Reference {
  if (known.file !== undefined) return { kind: 'file', file: known.file };
  return known.env === undefined ? { kind: 'inline' } : { kind: 'env', env: known.env };
}
