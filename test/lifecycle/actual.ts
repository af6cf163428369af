import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { withoutMark } from '../../src/domain/fingerprint';
import type { EmbeddedKms } from 'embedded-kms';
import { materialsOf } from '../../packages/embedded-kms/test/support/kms-key';
import { instantOf, type ModelKey, type ModelMaterial } from './model';

/** A material as KMS has it. */
interface ActualMaterial {
  readonly bytes: string;
  readonly state: string;
  readonly description: string;
  readonly validTo: Date | undefined;
}

/** Returns the differences between a key and its declaration. */
export async function differences(
  kms: EmbeddedKms,
  client: KMSClient,
  key: ModelKey,
  now: Date,
): Promise<string[]> {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key.keyArn }));
  const found: string[] = [];
  const compare = (what: string, is: string, declared: string): void => {
    if (is !== declared) found.push(`${key.name}: ${what} is ${is}, declared ${declared}`);
  };
  const disabled = key.isDisabled ? 'Disabled' : 'Enabled';
  compare('key', String(KeyMetadata?.KeyState), key.isComplete ? disabled : 'PendingImport');

  const actual = key.isSymmetric
    ? await listed(kms, client, key)
    : [
        {
          bytes: bytesOf(kms, key)[0] ?? 'none',
          state: 'CURRENT',
          description: 'none',
          validTo: KeyMetadata?.ValidTo,
        },
      ];
  compare('the number of materials', String(actual.length), String(key.materials.length));
  for (const [index, material] of key.materials.entries()) {
    const { bytes, state, description, validTo } = actual[index] ?? ABSENT;
    compare(`state ${index}`, state, stateOf(key, material));
    compare(
      `bytes ${index}`,
      bytes,
      material.isDeclared ? material.bytes.toString('base64') : 'none',
    );
    if (!material.isDeclared) continue;
    compare(`description ${index}`, description, material.description ?? 'none');
    if (!isAsDeclared(material, validTo, now)) {
      found.push(
        `${key.name}: ValidTo ${index} is ${String(validTo)}: ${JSON.stringify(material.expiry)}`,
      );
    }
  }
  return found;
}

const ABSENT: ActualMaterial = {
  bytes: 'none',
  state: 'absent',
  description: 'none',
  validTo: undefined,
};

async function listed(kms: EmbeddedKms, client: KMSClient, { keyArn, ...key }: ModelKey) {
  const materials = await materialsOf(client, keyArn);
  const bytes = bytesOf(kms, { keyArn, ...key });
  return materials.map((material, index) => ({
    bytes: bytes[index] ?? 'none',
    state: String(material.KeyMaterialState),
    description: withoutMark(material.KeyMaterialDescription) ?? 'none',
    validTo: material.ValidTo,
  }));
}

function stateOf(key: ModelKey, material: ModelMaterial): string {
  if (material.isStaged) return 'PENDING_ROTATION';
  return material === key.permanent.at(-1) ? 'CURRENT' : 'NON_CURRENT';
}

function isAsDeclared({ expiry }: ModelMaterial, validTo: Date | undefined, now: Date): boolean {
  switch (expiry.kind) {
    case 'never':
      return validTo === undefined;
    case 'fixed':
      return validTo !== undefined && instantOf(validTo) === instantOf(expiry.validTo);
    case 'rolling': {
      const days = ((validTo?.getTime() ?? 0) - now.getTime()) / 86_400_000;
      // A third before its end it would have been renewed.
      return days >= Math.floor((expiry.days * 86_400) / 3) / 86_400 && days <= expiry.days;
    }
  }
}

type Json = Record<string, unknown>;

/** Bytes in the KMS of each material of a key, in base64. Undefined for lost material. */
function bytesOf(kms: EmbeddedKms, { keyArn }: Pick<ModelKey, 'keyArn'>): (string | undefined)[] {
  const key = search(kms.snapshot().state, (record) => record.arn === keyArn);
  if (key === undefined) throw new Error(`the KMS has no key ${keyArn}`);
  return (key.materials as { readonly bytes?: string }[]).map(({ bytes }) => bytes);
}

function search(value: unknown, isIt: (record: Json) => boolean): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isIt(value as Json)) return value as Json;
  for (const member of Object.values(value)) {
    const found = search(member, isIt);
    if (found !== undefined) return found;
  }
  return undefined;
}
