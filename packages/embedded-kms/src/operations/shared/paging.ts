import { invalidMarker } from '../../errors/kms-error';
import type { Output, OutputValue } from '../../keys/output';
import { opaque, readOpaque } from '../../crypto/own-format';
import type { Entry, OrderedIndex } from '../../state/ordered-index';

interface PageRequest {
  readonly Limit?: number;
  readonly Marker?: string;
}

/** One page, and AWS's paging members. */
interface Page<T> {
  readonly items: readonly T[];
  readonly members: Output;
}

/**
 * Returns one page of a list. The marker has the place of the last item of the page, so items that are added
 * or deleted meanwhile, that one included, do not shift the next page.
 *
 * @param isShown - whether an item is part of the list that was asked for
 * @throws {@link KmsError} InvalidMarkerException when the marker is not one of this list.
 */
export function page<T>(
  index: OrderedIndex<T>,
  request: PageRequest,
  defaultLimit: number,
  isShown: (item: T) => boolean = () => true,
): Page<T> {
  const limit = request.Limit ?? defaultLimit;
  const shown: Readonly<Entry<T>>[] = [];
  let truncated = false;
  for (const entry of index.from(startOf(index, request.Marker))) {
    if (!isShown(entry.item)) continue;
    truncated = shown.length === limit;
    if (truncated) break;
    shown.push(entry);
  }
  const last = shown.at(-1);
  const nextMarker: OutputValue =
    truncated && last !== undefined ? markerOf(index, last) : undefined;
  return {
    items: shown.map(({ item }) => item),
    members: { Truncated: truncated, NextMarker: nextMarker },
  };
}

/** @throws {@link KmsError} InvalidMarkerException for a marker of a list that is never longer than a page. */
export function assertNoMarker({ Marker: marker }: PageRequest): void {
  if (marker !== undefined) throw invalidMarker();
}

function markerOf<T>({ list, id }: OrderedIndex<T>, { serial, name }: Entry<T>): string {
  return opaque('marker', `${list} ${id} ${serial} ${name}`);
}

/** The name serves if the list has got other places since, as in a server that continues from a snapshot. */
function startOf<T>(index: OrderedIndex<T>, marker: string | undefined): number {
  if (marker === undefined) return 0;
  const groups = /^(?<list>\S+) (?<id>\S+) (?<serial>\d+) (?<name>.*)$/s.exec(
    readOpaque('marker', marker) ?? '',
  )?.groups;
  const { list, id, serial, name = '' } = groups ?? {};
  if (list !== index.list) throw invalidMarker();
  const last = id === index.id ? Number(serial) : index.serialOf(name);
  if (last === undefined) throw invalidMarker();
  return last + 1;
}
