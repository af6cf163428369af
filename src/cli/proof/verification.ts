import type { Command } from 'commander';
import type { KmsClient } from '../../aws/index';
import type { Fingerprint } from '../../domain/fingerprint';
import { parseKeyReference } from '../../domain/identifiers';
import type { ObservedKey } from '../../domain/observation';
import type { Material } from '../../material/material';
import { connectionTo, openKms } from '../aws';
import type { Io } from '../io';
import { withOpenMaterial, type NamedSource } from '../material-option';
import type { AwsOptions } from '../options';
import { prove, type Verdict } from './prove';
import { proveByReimport } from './reimport';

/** Value of `--reimport`, and how to reach KMS. */
export interface ReimportOptions extends AwsOptions {
  readonly reimport?: true;
}

/** Options of the commands that prove the material of one key. */
export interface ProofOptions extends ReimportOptions {
  readonly keyId: string;
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
 * Finds out whether a key has this material, with calls that change nothing. If only an import can prove it and
 * `--reimport` allows one, imports the material again.
 *
 * @param isTakenOver - whether such an import gives the material another owner, if it has one
 * @throws {@link ByokError} what {@link prove} and {@link proveByReimport} throw
 */
export async function proveAsAsked(
  key: ObservedKey,
  material: Material,
  kms: KmsClient,
  options: ReimportOptions,
  io: Io,
  isTakenOver = false,
): Promise<Verdict> {
  const { connectKeyProof } = await import('../../aws/key-proof.js');
  const keyProof = connectKeyProof(connectionTo(key.keyArn, options, io));
  try {
    const verdict = await prove(key, material, keyProof, io.random);
    const again = options.reimport === true && verdict.verdict === 'unproved' && key.listsMaterials;
    return again ? await proveByReimport(key, material, kms, io, isTakenOver) : verdict;
  } finally {
    keyProof.close();
  }
}

/**
 * Finds out whether a key has the material of a source.
 *
 * @param isTakenOver - whether an import that proves the material gives it another owner, if it has one
 * @throws {@link ByokError} `MATERIAL_*` from the source, and what {@link proveAsAsked} throws
 */
export async function verification(
  source: NamedSource,
  options: ProofOptions,
  io: Io,
  isTakenOver = false,
): Promise<Verification> {
  const kms = await openKms(options.keyId, options, io);
  const key = await kms.observeKey(options.keyId, new AbortController().signal);
  return withOpenMaterial(source, options, io, async (material) => ({
    key,
    verdict: await proveAsAsked(key, material, kms, options, io, isTakenOver),
    materialFingerprint: await material.fingerprint(parseKeyReference(key.keyArn)),
  }));
}
