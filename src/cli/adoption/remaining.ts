import { resourcesOf, type StackExport } from './stack-export';
import type { HeldMaterial } from './held-material';

/**
 * Finds material that is still in an export, in other resources, as far as it is there in clear: in base64 of
 * both alphabets and in hex.
 *
 * @returns a URN with the name of a property for each place
 */
export function remainingPlaces(
  document: StackExport,
  taken: readonly HeldMaterial[],
): readonly string[] {
  const needles = taken.flatMap(formsOf);
  const holds = (value: unknown): boolean => {
    const text = JSON.stringify(value);
    return needles.some((needle) => text.includes(needle));
  };
  const pending = document.deployment.pending_operations ?? [];
  const all = [...resourcesOf(document), ...pending.map(({ resource }) => resource)];
  const places = all.flatMap(({ urn, inputs, outputs }) =>
    [inputs, outputs].flatMap((members) =>
      Object.entries(members ?? {})
        .filter(([, value]) => holds(value))
        .map(([name]) => `${urn} (${name})`),
    ),
  );
  return [...new Set(places)];
}

function formsOf({ text, bytes }: HeldMaterial): string[] {
  if (text === undefined || bytes === undefined) return [];
  const content = bytes();
  const forms = [
    text,
    content.toString('base64').replace(/=+$/, ''),
    content.toString('base64url'),
    content.toString('hex'),
    content.toString('hex').toUpperCase(),
  ];
  content.fill(0);
  return forms;
}
