import type { KmsClient } from '../../aws/index';
import type { ObservedKey, ObservedMaterial } from '../../domain/observation';
import { importMaterial } from '../../provider/imported-key-material/import-material';
import type { CheckedInputs } from '../../provider/imported-key-material/inputs';
import { PlaintextCache } from '../../provider/imported-key-material/read-material';
import { awaitImport } from '../../provider/imported-key-material/reconcile';
import type { Io } from '../io';

const TIME_LIMIT_MS = 600_000;

/** A key after an import. */
export interface Imported {
  readonly key: ObservedKey;
  readonly material: ObservedMaterial;
  readonly fingerprint: string;
  /** Absent if the endpoint gave none. */
  readonly requestId: string | undefined;
}

/**
 * Imports wrapped material as the provider does, and waits until KMS shows it.
 *
 * @throws {@link ByokError} what `importMaterial` of the provider throws
 */
export async function importWrapped(
  inputs: CheckedInputs,
  kms: KmsClient,
  io: Io,
): Promise<Imported> {
  const context = {
    kms,
    now: io.now,
    random: io.random,
    env: io.env,
    plaintexts: new PlaintextCache(),
    sleep: io.sleep,
    tell: (line: string) => {
      io.stderr.write(`${line}\n`);
    },
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
    // A wrapped source reads two files and nothing else.
    connectSecrets: () => Promise.reject(new TypeError('not reached')),
  };
  const how = { reimport: true, mayShorten: true, keepOwner: true };
  const imported = await importMaterial(inputs, undefined, how, context);
  const { key, material } = await awaitImport(imported, undefined, context);
  return {
    key,
    material,
    fingerprint: imported.materialFingerprint,
    requestId: imported.importReceipt?.requestId,
  };
}
