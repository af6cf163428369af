import { countsAsDisabled, type ObservedKey } from '../../domain/observation';
import { asByokError, ByokError } from '../../errors';
import type { KmsClient } from '../../aws/index';
import { pollUntil, type WaitOptions } from '../wait';

/** What it takes to disable a key again. */
export interface KeepDisabledContext extends WaitOptions {
  readonly kms: KmsClient;
  /** Shows one line to the user. */
  readonly tell: (line: string) => void;
}

/**
 * Disables a key again that was disabled before an import and is enabled by it. KMS enables a key when
 * its missing material is imported (AWS KMS API Reference, DeleteImportedKeyMaterial and
 * ImportKeyMaterial); what an import does to a disabled key that has its material is not documented.
 *
 * @param wasDisabled - whether the key was disabled when it was last seen with all its material
 * @returns the key as it is then
 * @throws {@link ByokError} `KEY_LEFT_ENABLED`, `TIMEOUT`
 */
export async function keepDisabled(
  before: ObservedKey,
  after: ObservedKey,
  wasDisabled: boolean | undefined,
  context: KeepDisabledContext,
): Promise<ObservedKey> {
  const { kms, signal, tell } = context;
  if (!countsAsDisabled(before, wasDisabled) || after.keyState !== 'Enabled') return after;
  const { keyArn } = after;
  await kms.disableKey(keyArn, signal).catch((error: unknown) => {
    throw new ByokError(
      'KEY_LEFT_ENABLED',
      `${keyArn} was disabled, the import has enabled it, and it could not be disabled again: disable it by hand (${asByokError(error).message})`,
      { cause: error },
    );
  });
  tell(`${keyArn}: was disabled, was enabled by the import, and is disabled again`);
  return pollUntil(
    async () => {
      const key = await kms.observeKey(keyArn, signal);
      return key.keyState === 'Enabled' ? undefined : key;
    },
    `the disabling of ${keyArn}`,
    context,
  );
}
