import { invalidMarker } from '../../errors/kms-error';
import type { Output, OutputValue } from '../../keys/output';
import { opaque, readOpaque } from '../../crypto/own-format';

/**
 * Returns one page of a list, with AWS's paging members. The marker names the last item of the page, so
 * items that are added or removed before it do not shift the next page.
 *
 * @throws {@link KmsError} InvalidMarkerException when the marker names no item of the list.
 */
export function page<T>(
  items: readonly T[],
  request: { readonly Limit?: number; readonly Marker?: string },
  defaultLimit: number,
  nameOf: (item: T) => string,
): { readonly items: readonly T[]; readonly members: Output } {
  const start = request.Marker === undefined ? 0 : after(items, request.Marker, nameOf);
  const shown = items.slice(start, start + (request.Limit ?? defaultLimit));
  const last = shown.at(-1);
  const truncated = last !== undefined && start + shown.length < items.length;
  const nextMarker: OutputValue = truncated ? opaque('marker', nameOf(last)) : undefined;
  return { items: shown, members: { Truncated: truncated, NextMarker: nextMarker } };
}

function after<T>(items: readonly T[], marker: string, nameOf: (item: T) => string): number {
  const name = readOpaque('marker', marker);
  const index = items.findIndex((item) => nameOf(item) === name);
  if (index < 0) throw invalidMarker();
  return index + 1;
}
