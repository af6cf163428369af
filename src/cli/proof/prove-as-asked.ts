import type { KmsClient } from '../../aws/index';
import type { ObservedKey } from '../../domain/observation';
import type { Material } from '../../material/material';
import { connectionTo } from '../aws';
import type { Io } from '../io';
import type { AwsOptions } from '../options';
import { prove } from './prove';
import { proveByReimport } from './reimport';
import type { Verdict } from './verdict';

/** Options of a command that proves material. */
export interface ProofOptions extends AwsOptions {
  /** Whether a symmetric key may be asked by an import. */
  readonly reimport?: true;
}

/**
 * Proves material by calls that change nothing, and by a guarded import where only that can prove it and the
 * options allow it.
 *
 * @throws {@link ByokError} as {@link prove} and {@link proveByReimport} say
 */
export async function proveAsAsked(
  key: ObservedKey,
  material: Material,
  kms: KmsClient,
  options: ProofOptions,
  io: Io,
): Promise<Verdict> {
  const { connectKeyProof } = await import('../../aws/key-proof.js');
  const keyProof = connectKeyProof(connectionTo(key.keyArn, options, io));
  try {
    const verdict = await prove(key, material, keyProof, io.random);
    const tries = options.reimport === true && verdict.verdict === 'unproved';
    return tries && key.listsMaterials ? await proveByReimport(key, material, kms, io) : verdict;
  } finally {
    keyProof.close();
  }
}
