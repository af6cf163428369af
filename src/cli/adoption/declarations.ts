import type { DeclaredResource, FormOptions } from './adopt-material';
import { programText } from './program-text';
import { yamlText } from './yaml-text';

/** Returns what a program needs for the resources of an import file: TypeScript, or YAML for native resources. */
export function declarationsText(
  declared: readonly DeclaredResource[],
  { native }: FormOptions,
): string {
  return native === true ? yamlText(declared) : programText(declared);
}
