import { assert } from '../../errors';
import { openKms } from '../aws';
import type { Io } from '../io';
import { namedSource } from '../material-option';
import type { AwsOptions } from '../options';
import type { Place } from './choose-sources';
import { materialName } from './distinct-names';
import { ofKey } from './error-of-key';
import type { ExportedMaterial } from './exported-material';
import { connectionOfProvider } from './provider-connection';
import type { ExportedResource } from './stack-export';
import type { ToTakeOver } from './take-over';

/**
 * Reads from KMS each key whose material a new resource takes over. Leaves out material for which there is only
 * a file or the state.
 *
 * @param names - the distinct name of each material
 * @param state - the resources of the export
 * @throws {@link ByokError} `STACK_EXPORT`, `KMS_*`
 */
export async function keysToTakeOver(
  names: ReadonlyMap<ExportedMaterial, string>,
  places: ReadonlyMap<ExportedMaterial, Place>,
  state: readonly ExportedResource[],
  options: AwsOptions,
  io: Io,
): Promise<ReadonlyMap<ExportedMaterial, ToTakeOver>> {
  const keys = new Map<ExportedMaterial, ToTakeOver>();
  for (const [exported, place] of places) {
    if (exported.onlyKept !== undefined || place.kind === 'state' || place.kind === 'skipped') {
      continue;
    }
    const { urn, keyArn, index } = exported;
    assert(
      keyArn !== undefined,
      'STACK_EXPORT',
      `${urn} has no ARN in the export: run pulumi refresh, and export again`,
    );
    const kms = await openKms(keyArn, options, io);
    const name = names.get(exported) ?? exported.name;
    const key = await ofKey(exported, name, () =>
      kms.observeKey(keyArn, new AbortController().signal),
    );
    const source =
      place.kind === 'named' ? place.source : namedSource({ material: `file:${place.path}` });
    const provider = connectionOfProvider(state[index], state, keyArn);
    keys.set(exported, { exported, name: materialName(name), source, key, kms, provider });
  }
  return keys;
}
