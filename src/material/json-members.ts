/**
 * Returns the members of the text of a JSON object, and none for any other text: the error of JSON.parse
 * quotes what it read, which may be material.
 */
export function jsonMembers(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
