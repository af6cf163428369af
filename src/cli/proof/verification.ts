import type { Command } from 'commander';
import type { Fingerprint } from '../../domain/fingerprint';
import { parseKeyReference } from '../../domain/identifiers';
import type { ObservedKey } from '../../domain/observation';
import { connectionTo, openKms } from '../aws';
import type { Io } from '../io';
import { withOpenMaterial, type NamedSource } from '../material-option';
import type { AwsOptions } from '../options';
import { prove, type Verdict } from './prove';
import { proveByReimport } from './reimport';

/** Options of the commands that prove material. */
export interface ProofOptions extends AwsOptions {
  readonly keyId: string;
  readonly reimport?: true;
}

/** Adds `--reimport`. */
export function withReimport(command: Command): Command {
  return command.option(
    '--reimport',
    'prove material of a symmetric key by importing it again, which KMS refuses if the bytes differ',
  );
}

/** A key, and whether it has the material of a source. */
export interface Verification {
  readonly key: ObservedKey;
  readonly verdict: Verdict;
  readonly materialFingerprint: Fingerprint;
}

/**
 * Proves that a key has the material of a source.
 *
 * @throws {@link ByokError} `MATERIAL_*` from the source, and what `prove` and `proveByReimport` throw
 */
export async function verification(
  source: NamedSource,
  options: ProofOptions,
  io: Io,
): Promise<Verification> {
  const { keyId, reimport = false } = options;
  const kms = await openKms(keyId, options, io);
  const { connectKeyProof } = await import('../../aws/key-proof.js');
  const keyProof = connectKeyProof(connectionTo(keyId, options, io));
  try {
    const key = await kms.observeKey(keyId, new AbortController().signal);
    return await withOpenMaterial(source, options, io, async (material) => {
      const first = await prove(key, material, keyProof, io.random);
      const again = reimport && first.verdict === 'unproved' && key.listsMaterials;
      return {
        key,
        verdict: again ? await proveByReimport(key, material, kms, io) : first,
        materialFingerprint: material.fingerprint(parseKeyReference(key.keyArn)),
      };
    });
  } finally {
    keyProof.close();
  }
}
