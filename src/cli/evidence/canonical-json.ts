/**
 * Returns a document in the canonical form of RFC 8785 (JCS), so that equal documents are equal bytes and a signature of
 * one holds for the other: no white space, members sorted by the UTF-16 code units of their names, strings and numbers
 * as ECMAScript writes them. A member that is undefined is left out.
 *
 * A document has only integers, so the part of RFC 8785 on other numbers is not needed.
 */
export function canonicalJson(value: unknown): string {
  // RFC 8785 has no form for half of a surrogate pair.
  if (typeof value === 'string') return JSON.stringify(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // The order of < and > on strings is that of their UTF-16 code units.
  const members = Object.entries(value as Readonly<Record<string, unknown>>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${members
    .flatMap(([name, member]) =>
      member === undefined ? [] : `${JSON.stringify(name)}:${canonicalJson(member)}`,
    )
    .join(',')}}`;
}
