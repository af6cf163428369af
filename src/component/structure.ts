import { ROTATION_LIMIT } from '../domain/rotation';
import { assert } from '../errors';
import type { ImportedKeyArgs, ReplicaArgs } from './args';
import { assertPlainArgs } from './plain-args';

/** The arguments that decide which resources there are. */
export interface Structure {
  readonly replicas: readonly ReplicaArgs[];
  /** Decides only for a new key: KMS cannot change it. */
  readonly multiRegion: boolean;
  /** Whether an existing key has to be a multi-Region key; undefined if it may be either. */
  readonly needsMultiRegion: boolean | undefined;
  /** Absent if KMS has a default. */
  readonly keyUsage: ImportedKeyArgs['keyUsage'];
}

/**
 * Checks the arguments that shape a key, before anything is registered.
 *
 * @throws {@link ByokError} `INPUT_INVALID`, `KEY_ARGS`
 */
export function structureOf(args: ImportedKeyArgs): Structure {
  assertPlainArgs(args);
  const { materials, keySpec = 'SYMMETRIC_DEFAULT', replicas = [], alarm, adoptKeyId } = args;
  const count: unknown = Array.isArray(materials) ? materials.length : undefined;
  assert(
    typeof count === 'number' && count >= 1,
    'KEY_ARGS',
    'materials must be a list of at least one source, oldest first, such as [{ file: "2026.bin" }]',
  );
  assert(
    count === 1 || keySpec === 'SYMMETRIC_DEFAULT',
    'KEY_ARGS',
    `a key of the spec ${keySpec} has the same material all its life, and materials has ${count} entries: create another key for other material`,
  );
  assert(
    count <= ROTATION_LIMIT + 1,
    'KEY_ARGS',
    `materials has ${count} entries, and KMS rotates a key ${ROTATION_LIMIT} times in its life: create another key`,
  );
  const regions = replicas.map(({ region }) => region);
  const twice = regions.find((region, index) => regions.indexOf(region) !== index);
  assert(
    twice === undefined,
    'KEY_ARGS',
    'replicas names a Region twice: give each Region one entry',
  );
  assert(
    args.multiRegion !== false || replicas.length === 0,
    'KEY_ARGS',
    'replicas need a multi-Region key, and multiRegion is false: remove one of them',
  );
  assert(
    args.policy === undefined || args.access === undefined,
    'KEY_ARGS',
    'policy and access exclude each other: remove one of them',
  );
  assert(
    alarm === undefined || args.validTo !== undefined || args.validFor !== undefined,
    'KEY_ARGS',
    'alarm needs validTo or validFor, because there is no metric for material that does not expire: add one of them, or remove alarm',
  );
  return {
    replicas,
    // An adopted key may be one without replicas.
    multiRegion: args.multiRegion ?? replicas.length > 0,
    needsMultiRegion: args.multiRegion ?? (replicas.length > 0 ? true : undefined),
    keyUsage: args.keyUsage ?? (adoptKeyId === undefined ? defaultUsage(keySpec) : undefined),
  };
}

function defaultUsage(keySpec: string): string | undefined {
  if (keySpec === 'SYMMETRIC_DEFAULT') return undefined;
  if (keySpec.startsWith('HMAC_')) return 'GENERATE_VERIFY_MAC';
  assert(
    !keySpec.startsWith('RSA_'),
    'KEY_ARGS',
    'keyUsage is missing: give ENCRYPT_DECRYPT or SIGN_VERIFY for an RSA key, which cannot be changed later',
  );
  return 'SIGN_VERIFY';
}
