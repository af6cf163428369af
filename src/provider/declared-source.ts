import { omitUndefined } from '../domain/omit-undefined';
import { needs } from '../errors';
import { commandReference } from '../material/command-source';
import type { PlainReference, Reference, SourceReference } from '../material/source-reference';
import {
  defaultEncoding,
  givesBytes,
  PASSPHRASE_KINDS,
  SOURCE_KINDS,
  type HeldMaterial,
} from '../material/sources';
import type { KnownInputs } from './inputs';
import { UNKNOWN } from './unknown';

type KnownMaterial = NonNullable<KnownInputs['material']>;

/**
 * Says which source a program names, which can be told although its members are unknown.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function declaredKind(declared: unknown): Reference['kind'] {
  const members = declared as Readonly<Record<string, unknown>>;
  const kind = onlyKind(members, SOURCE_KINDS, 'material');
  const { encoding, passphrase, showStderr } = members;
  if (passphrase !== undefined && passphrase !== UNKNOWN) {
    onlyKind(passphrase as typeof members, PASSPHRASE_KINDS, 'material.passphrase');
  }
  needs(
    showStderr === undefined || kind === 'command',
    'MATERIAL_SOURCE',
    'material.showStderr belongs to material.command: remove it',
  );
  needs(
    givesBytes(kind) || (encoding === undefined && passphrase === undefined),
    'MATERIAL_SOURCE',
    `material.encoding and material.passphrase say how bytes are read, and material.${kind} shows none: remove them`,
  );
  return kind;
}

/**
 * Takes a source apart into what may stand in state and what the program alone holds.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function declaredSource(
  kind: Reference['kind'],
  known: KnownMaterial,
): { readonly reference: SourceReference; readonly held: HeldMaterial } {
  const encoding = known.encoding ?? defaultEncoding(kind);
  return {
    reference: {
      ...referenceOf(kind, known),
      ...(encoding === undefined ? {} : { encoding }),
      ...(known.passphrase === undefined ? {} : { passphrase: plainReference(known.passphrase) }),
    },
    held: {
      text: known.inline,
      passphrase: known.passphrase?.inline,
      command:
        known.command === undefined
          ? undefined
          : { argv: known.command, showStderr: known.showStderr ?? false },
    },
  };
}

function onlyKind<Kind extends string>(
  declared: Readonly<Record<string, unknown>>,
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

function referenceOf(kind: Reference['kind'], known: KnownMaterial): Reference {
  switch (kind) {
    case 'command': {
      const argv = known.command ?? [];
      needs(argv[0] !== '', 'MATERIAL_SOURCE', 'material.command names no program');
      return commandReference(argv);
    }
    case 'secretsManager': {
      const { secretId, versionId, versionStage, ...rest } = known.secretsManager ?? {};
      needs(
        secretId !== undefined,
        'MATERIAL_SOURCE',
        'material.secretsManager.secretId is missing: give the name or the ARN of the secret',
      );
      needs(
        versionId === undefined || versionStage === undefined,
        'MATERIAL_SOURCE',
        'material.secretsManager names a version by its versionId or by its versionStage, not by both',
      );
      return omitUndefined({ kind, secretId, versionId, versionStage, ...rest });
    }
    case 'ssmParameter': {
      const { name, ...rest } = known.ssmParameter ?? {};
      needs(
        name !== undefined,
        'MATERIAL_SOURCE',
        'material.ssmParameter.name is missing: give the name or the ARN of the parameter',
      );
      return omitUndefined({ kind, name, ...rest });
    }
    case 'wrapped': {
      const { bundle, ciphertext } = known.wrapped ?? {};
      needs(
        bundle !== undefined && ciphertext !== undefined,
        'MATERIAL_SOURCE',
        'material.wrapped is not complete: give the paths of the bundle and of the ciphertext that was wrapped for it',
      );
      return { kind, bundle, ciphertext };
    }
    case 'inline':
    case 'file':
    case 'env':
      return plainReference(known);
  }
}

function plainReference({ file, env }: Pick<KnownMaterial, 'file' | 'env'>): PlainReference {
  if (file !== undefined) return { kind: 'file', file };
  return env === undefined ? { kind: 'inline' } : { kind: 'env', env };
}
