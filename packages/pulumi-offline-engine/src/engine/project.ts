import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { parseYaml } from './sdk';

/** A program, as Pulumi.yaml describes it. */
export interface Project {
  readonly name: string;
  readonly root: string;
  /** The working directory of the program and of its dynamic provider. */
  readonly programDir: string;
  /** The path of the program, relative to `programDir`. */
  readonly entryPoint: string;
  readonly typescript: boolean;
  /** Folders of resource plugins, by package. */
  readonly plugins: Readonly<Record<string, string>>;
  /** Values in the `config` block of Pulumi.yaml. */
  readonly config: Readonly<Record<string, string>>;
}

interface ProjectFile {
  readonly name?: unknown;
  readonly main?: unknown;
  readonly runtime?: unknown;
  readonly config?: unknown;
  readonly plugins?: unknown;
}

/** Reads Pulumi.yaml. */
export function readProject(projectDir: string): Project {
  const root = resolve(projectDir);
  const file = parseYaml(root, readFileSync(join(root, 'Pulumi.yaml'), 'utf8')) as ProjectFile;
  const { runtime } = file;
  const { name: language, options } =
    typeof runtime === 'string'
      ? { name: runtime }
      : ((runtime ?? {}) as { name?: unknown; options?: { typescript?: unknown } });
  if (typeof file.name !== 'string' || language !== 'nodejs') {
    throw new Error(`${join(root, 'Pulumi.yaml')} must have a name and the runtime nodejs.`);
  }
  return {
    name: file.name,
    root,
    ...locateProgram(root, typeof file.main === 'string' ? file.main : ''),
    typescript: options?.typescript !== false,
    plugins: readPlugins(root, file.plugins),
    config: readDefaults(file.config),
  };
}

// As the engine's getPwdMain: the working directory is the folder in `main`, or that of the file in `main`.
function locateProgram(root: string, main: string): { programDir: string; entryPoint: string } {
  const path = resolve(root, main);
  return statSync(path).isDirectory()
    ? { programDir: path, entryPoint: '.' }
    : { programDir: dirname(path), entryPoint: basename(path) };
}

function readPlugins(root: string, plugins: unknown): Record<string, string> {
  const { providers } = (plugins ?? {}) as { readonly providers?: unknown };
  const entries = (providers ?? []) as readonly { readonly name: string; readonly path?: string }[];
  return Object.fromEntries(
    entries.flatMap(({ name, path }) => (path === undefined ? [] : [[name, resolve(root, path)]])),
  );
}

function readDefaults(config: unknown): Record<string, string> {
  const defaults: Record<string, string> = {};
  for (const [key, entry] of Object.entries((config ?? {}) as Record<string, unknown>)) {
    const value =
      typeof entry === 'object' && entry !== null
        ? ((entry as { value?: unknown }).value ?? (entry as { default?: unknown }).default)
        : entry;
    if (value !== undefined && value !== null) {
      defaults[key] = typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
  return defaults;
}
