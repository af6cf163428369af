import { toWholeSeconds } from '../../domain/expiry';
import { guardSeconds, judgeUsage, type KeyUse, type UsageVerdict } from '../../domain/key-usage';
import { isPending } from '../../domain/observation';
import { ByokError, type ByokErrorCode } from '../../errors';
import type { ProviderContext } from '../context';
import type { Located } from './locate';
import { stagingOf } from './staging';

const ANYWAY =
  'to delete it anyway, declare the resource as it was, but without deleteUnlessUsedWithin or with a shorter one, run an update, and delete it then';

/**
 * Refuses to delete material of a key that was used within `deleteUnlessUsedWithin`, or of which KMS does not show
 * whether it was. Makes no call if state has no such input.
 *
 * Material that waits for a rotation is not guarded: KMS has never used it.
 *
 * @throws {@link ByokError} `MATERIAL_IN_USE`, `USAGE_UNKNOWN`, `INPUT_INVALID`
 */
export async function assertNotInUse(
  { inputs, key, material, known, context }: Located,
  { now, tell }: Pick<ProviderContext, 'now' | 'tell'>,
): Promise<void> {
  const { deleteUnlessUsedWithin: within } = inputs;
  if (within === undefined || material === undefined) return;
  const { kms, signal } = context;
  const { keyArn, keyState } = key;
  if (isPending(material)) {
    const staging = await stagingOf(key, material.keyMaterialId, { kms, signal });
    if (staging !== 'permanent') return;
  }
  const seconds = guardSeconds(within);
  const unknown = (why: string, options?: { readonly cause: unknown }): ByokError =>
    new ByokError(
      'USAGE_UNKNOWN',
      `the material is not deleted, because KMS does not show whether ${keyArn} was used within deleteUnlessUsedWithin (${within}): ${why}; ${ANYWAY}`,
      options,
    );
  // Also if KMS does not find the key: it has just described it.
  const record = await kms.getKeyUsage(keyArn, signal).catch((error: unknown) => {
    throw error instanceof ByokError ? unknown(remedyFor(error), { cause: error }) : error;
  });
  const { importedAt } = known.importReceipt ?? {};
  const verdict = judgeUsage(
    record,
    seconds,
    new Date(now().getTime() + (key.clockDifference ?? 0)),
    importedAt === undefined ? undefined : new Date(importedAt),
  );
  switch (verdict.kind) {
    case 'used':
      throw inUse(keyArn, within, seconds, verdict.use);
    case 'unused':
      tell(`${keyArn}: ${unusedText(verdict, record.lastUse, keyState)}`);
      return;
    case 'untracked':
      throw unknown(
        `KMS records uses of this key only since ${toWholeSeconds(verdict.trackedSince)}, and shows none since: search earlier events of the key in CloudTrail, and run it again after ${after(verdict.trackedSince, seconds)}`,
      );
    case 'too-new':
      throw unknown(
        `the key or its material is less than an hour old (${toWholeSeconds(verdict.since)}), and KMS may show a use up to an hour late: run it again after an hour`,
      );
  }
}

function inUse(keyArn: string, within: string, seconds: number, use: KeyUse): ByokError {
  return new ByokError(
    'MATERIAL_IN_USE',
    `the material is not deleted, because ${keyArn} was last used at ${useText(use)}, within deleteUnlessUsedWithin (${within}): find what uses the key, and run it again after ${after(use.at, seconds)}; ${ANYWAY}`,
  );
}

function useText({ at, operation, eventId }: KeyUse): string {
  const event = eventId === undefined ? '' : `, CloudTrail event ${eventId}`;
  return `${toWholeSeconds(at)} (${operation}${event})`;
}

function unusedText(
  { since }: Extract<UsageVerdict, { readonly kind: 'unused' }>,
  lastUse: KeyUse | undefined,
  keyState: string,
): string {
  const what =
    lastUse === undefined
      ? `KMS shows no use since ${toWholeSeconds(since)}`
      : `the last use that KMS shows was at ${useText(lastUse)}`;
  return keyState === 'Enabled'
    ? `${what}. A use within the last hour may not be shown yet, because the key is enabled`
    : what;
}

function after(instant: Date, seconds: number): string {
  return toWholeSeconds(new Date(instant.getTime() + (seconds + 1) * 1000));
}

const REMEDIES: Readonly<Partial<Record<ByokErrorCode, string>>> = {
  KMS_ACCESS_DENIED:
    'allow kms:GetKeyLastUsage to the identity that deletes, in the key policy or in an IAM policy',
  KMS_UNSUPPORTED: 'search the events of the key in CloudTrail',
  TIMEOUT: 'AWS allows five of these calls per second in an account and Region',
};

function remedyFor({ code, reason }: ByokError): string {
  const remedy = REMEDIES[code];
  return remedy === undefined ? reason : `${reason}; ${remedy}`;
}
