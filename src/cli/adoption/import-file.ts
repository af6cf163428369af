import type { ImportedResource } from './adopt-material';

/** The file for `pulumi import --file`. */
export function importFile(resources: readonly ImportedResource[]): string {
  return `${JSON.stringify({ resources }, undefined, 2)}\n`;
}
