import { invalidMarker } from '../../errors/kms-error';
import type { Output, OutputValue } from '../../keys/output';
import { opaque, readOpaque } from '../../crypto/own-format';
import { OrderedIndex } from '../../state/ordered-index';

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
 * Returns one page of a short list. The marker names the last item of the page, so items that are added or
 * removed before it do not shift the next page.
 *
 * @throws {@link KmsError} InvalidMarkerException when the marker names no item of the list.
 */
export function page<T>(
  items: readonly T[],
  request: PageRequest,
  defaultLimit: number,
  nameOf: (item: T) => string,
): Page<T> {
  const index = new OrderedIndex<T>();
  for (const item of items) index.set(nameOf(item), item);
  return pageOfIndex(index, request, defaultLimit, { nameOf, isPresent: () => true });
}

/** As {@link page}, of an index with items that may no longer be there. */
export function pageOfIndex<T>(
  index: OrderedIndex<T>,
  request: PageRequest,
  defaultLimit: number,
  of: { readonly nameOf: (item: T) => string; readonly isPresent: (item: T) => boolean },
): Page<T> {
  const marker = request.Marker;
  const rest = index.after(marker === undefined ? undefined : (readOpaque('marker', marker) ?? ''));
  if (rest === undefined) throw invalidMarker();
  const limit = request.Limit ?? defaultLimit;
  const shown: T[] = [];
  let truncated = false;
  for (const item of rest) {
    if (!of.isPresent(item)) continue;
    truncated = shown.length === limit;
    if (truncated) break;
    shown.push(item);
  }
  const last = shown.at(-1);
  const nextMarker: OutputValue =
    truncated && last !== undefined ? opaque('marker', of.nameOf(last)) : undefined;
  return { items: shown, members: { Truncated: truncated, NextMarker: nextMarker } };
}
