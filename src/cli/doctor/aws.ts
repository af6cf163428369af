import type { KmsConnection } from '../../aws/index';
import { openKeyInventory } from '../aws';
import type { Io } from '../io';
import type { AwsOptions } from '../options';
import { diagnoseAccount, diagnoseKey, failure } from './account';
import type { Diagnosis } from './diagnosis';
import { connectionFor } from './network';
import type { StackSettings } from './stack';

/** Checks what an update of the stack may do in AWS, and for one key if it is named. */
export async function diagnoseAws(
  keyId: string | undefined,
  options: AwsOptions,
  stack: StackSettings,
  io: Io,
): Promise<Diagnosis[]> {
  let connection: KmsConnection;
  try {
    connection = connectionFor(keyId, options, stack, io);
  } catch (error) {
    return [failure('AWS configuration', error)];
  }
  const inventory = await openKeyInventory(connection);
  const found = await diagnoseAccount(inventory);
  inventory.close();
  if (keyId === undefined) return found;
  const { connect } = await import('../../aws/index.js');
  return [...found, ...(await diagnoseKey(connect(connection), keyId))];
}
