import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

/** The content of a YAML file. */
export interface YamlFile {
  readonly file: string;
  /** As of JSON. Undefined if the file is not YAML. */
  readonly value: unknown;
  /** Why the file is not YAML, without its content. */
  readonly error?: string;
}

/** Reads a YAML file. */
export function readYaml(file: string): YamlFile {
  const document = parseDocument(readFileSync(file, 'utf8'), { prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return { file, value: document.toJS() as unknown };
  return { file, value: undefined, error: `${error.code} at character ${error.pos[0]}` };
}
