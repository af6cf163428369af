import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { folderWith } from './installed-package';
import { readYaml } from './yaml-file';

const NAMES = ['Pulumi.yaml', 'Pulumi.yml'];

// Pulumi says what is wrong with its file. Here, a setting of another type counts as absent.
const text = z.string().optional().catch(undefined);
const runtime = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const origin = z.union([
  z.string(),
  z.object({ source: z.string() }).transform((one) => one.source),
]);
const SETTINGS = z
  .object({
    name: text,
    main: text,
    backend: z.object({ url: text }).optional().catch(undefined),
    runtime: runtime.optional().catch(undefined),
    packages: z.record(z.string(), origin.optional().catch(undefined)).catch({}),
    plugins: z
      .object({ providers: z.array(z.object({ name: text, path: text })).catch([]) })
      .catch({ providers: [] }),
    config: z.record(z.string(), z.unknown()).catch({}),
  })
  .partial()
  .catch({});

/** A Pulumi project, with the settings of its file that concern this package. */
export interface Project {
  readonly folder: string;
  readonly file: string;
  readonly settings: z.infer<typeof SETTINGS>;
  /** Why the file is not YAML. */
  readonly error?: string;
}

/** Finds the project of a folder: in it, or in a folder above. */
export function projectOf(from: string): Project | undefined {
  const folder = folderWith(NAMES, from);
  if (folder === undefined) return undefined;
  const path = NAMES.map((name) => join(folder, name)).find(existsSync) ?? '';
  const { file, value, error } = readYaml(path);
  return { folder, file, settings: SETTINGS.parse(value), ...(error !== undefined && { error }) };
}

/** Returns the folder in which the program and its provider process run: that of main (pulumi, getPwdMain). */
export function programFolder({ folder, settings: { main } }: Project): string {
  const program = main === undefined || /\.[jt]s$/.test(main) ? '.' : main;
  return join(folder, program);
}

/**
 * Returns where Pulumi.yaml says that the native plugin comes from: a folder, or a source that Pulumi installs it from.
 */
export function pluginSource({ settings: { packages, plugins } }: Project): string | undefined {
  const named = plugins?.providers.find(({ name }) => name === 'kms-byok');
  return packages?.['kms-byok'] ?? named?.path;
}
