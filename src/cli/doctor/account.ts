import { assertImportableKey } from '../../domain/import-plan';
import { importableKeySpec, chooseWrapping } from '../../domain/key-specs';
import { optionNames, withNames } from '../../domain/input-names';
import { asByokError } from '../../errors';
import type { KeyInventory } from '../../aws/key-inventory';
import type { KmsClient } from '../../aws/index';
import { ok, skipped, type Diagnosis } from './diagnosis';

/** Checks the Region, the credentials and the permission to list keys. Only reads. */
export async function diagnoseAccount(inventory: KeyInventory): Promise<Diagnosis[]> {
  const signal = AbortSignal.timeout(60_000);
  const region = await attempt('Region', async () => inventory.region());
  if (region.verdict !== 'ok') return [region];
  return [
    region,
    await attempt('kms:ListKeys', async () => {
      for await (const page of inventory.listKeyIds(signal)) {
        return `allowed; keys on the first page: ${page.length}`;
      }
      return 'allowed; no keys';
    }),
  ];
}

/**
 * Checks one key and the permissions that an import needs, as far as reads can check them. Fetches an
 * import token and discards it.
 */
export async function diagnoseKey(kms: KmsClient, keyId: string): Promise<Diagnosis[]> {
  const signal = AbortSignal.timeout(60_000);
  let spec = '';
  const observed = await attempt('kms:DescribeKey, kms:ListKeyRotations', async () => {
    const key = await kms.observeKey(keyId, signal);
    assertImportableKey(key, {});
    spec = key.keySpec;
    return `allowed; ${key.keyArn}, ${key.keySpec}, ${key.keyState}`;
  });
  if (observed.verdict !== 'ok') return [observed];
  const parameters = await attempt('kms:GetParametersForImport', async () => {
    const wrapping = chooseWrapping(importableKeySpec(spec), {}, undefined);
    await kms.getImportParameters(keyId, wrapping, signal);
    return `allowed; ${wrapping.wrappingAlgorithm} with ${wrapping.wrappingKeySpec}`;
  });
  return [
    observed,
    parameters,
    skipped(
      'kms:ImportKeyMaterial, kms:DeleteImportedKeyMaterial',
      'no read can check whether they are allowed',
    ),
  ];
}

async function attempt(name: string, read: () => Promise<string>): Promise<Diagnosis> {
  try {
    return ok(name, await read());
  } catch (error) {
    return failure(name, error);
  }
}

/** Returns the result of a check that ended with an error. */
export function failure(name: string, error: unknown): Diagnosis {
  const { code, reason } = withNames(asByokError(error), optionNames(['keyId']));
  const [found = reason, ...remedy] = reason.split('; ');
  return {
    name,
    verdict: 'problem',
    found: `${found} [${code}]`,
    ...(remedy.length === 0 ? {} : { remedy: remedy.join('; ') }),
  };
}
