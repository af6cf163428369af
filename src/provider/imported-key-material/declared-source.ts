import { SOURCE_KINDS, type SourceKind } from '../../domain/source-kinds';
import { needs } from '../../errors';
import type { Source } from '../../material/source';
import type { SourceReference } from '../../material/source-reference';
import type { DeclaredMaterial } from '../../material/source-schema';
import { givesBytes, PLAIN_KINDS, SOURCES } from '../../material/sources';
import { UNKNOWN } from '../unknown';

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
    needs(
      option === undefined,
      'MATERIAL_SOURCE',
      `material.${option ?? ''} belongs to material.${other}: remove it`,
    );
  }
  needs(
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
    ...refer(kind, declared),
    ...(encoding === undefined ? {} : { encoding }),
    ...(passphrase === undefined
      ? {}
      : {
          passphrase: refer(onlyKind(passphrase, PLAIN_KINDS, 'material.passphrase'), passphrase),
        }),
  };
}

function refer<Kind extends SourceKind>(kind: Kind, declared: DeclaredMaterial) {
  const source: Source = SOURCES[kind];
  return source.refer(declared) as ReturnType<(typeof SOURCES)[Kind]['refer']>;
}

function onlyKind<Kind extends string>(
  declared: Members,
  possible: readonly Kind[],
  name: string,
): Kind {
  const kinds = possible.filter((kind) => declared[kind] !== undefined);
  const [kind] = kinds;
  needs(
    kind !== undefined && kinds.length === 1,
    'MATERIAL_SOURCE',
    `${name} names exactly one source of ${possible.join(', ')}`,
  );
  return kind;
}
