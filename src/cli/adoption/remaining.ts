import { resourcesOf, type StackExport } from './stack-export';
import type { ExportedMaterial } from './exported-material';

/**
 * Finds the same material in other resources of an export. Finds it only in clear: in base64, base64url or hex.
 *
 * @param taken - the material that was taken out of the export
 * @returns the URN of a resource and the name of its property, for each place
 */
export function remainingPlaces(
  document: StackExport,
  taken: readonly ExportedMaterial[],
): readonly string[] {
  const needles = taken.flatMap(formsOf);
  const hasMaterial = (value: unknown): boolean => {
    const text = JSON.stringify(value);
    return needles.some((needle) => text.includes(needle));
  };
  const pending = document.deployment.pending_operations ?? [];
  const all = [...resourcesOf(document), ...pending.map(({ resource }) => resource)];
  const places = all.flatMap(({ urn, inputs, outputs }) =>
    [inputs, outputs].flatMap((members) =>
      Object.entries(members ?? {})
        .filter(([, value]) => hasMaterial(value))
        .map(([name]) => `${urn} (${name})`),
    ),
  );
  return [...new Set(places)];
}

function formsOf({ text, bytes }: ExportedMaterial): string[] {
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
