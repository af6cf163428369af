import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ok, problem, skipped, type Diagnosis } from './diagnosis';
import type { Project } from './project-file';
import { readYaml } from './yaml-file';

/** The configuration of a stack, as its files have it. */
export interface StackSettings {
  /** Undefined if no stack is named or selected. */
  readonly stack?: string;
  /** Returns a value as the engine gives it to a provider; undefined for a secret, which only Pulumi can read. */
  readonly config: (key: string) => string | undefined;
  /** The keys of `aws:*` that are secrets. */
  readonly secrets: readonly string[];
  /** The file that is not YAML, and why. */
  readonly unreadable?: { readonly file: string; readonly error: string };
}

const STACK = z
  .object({ config: z.record(z.string(), z.unknown()).catch({}) })
  .catch({ config: {} });
const WITH_VALUE = z.union([
  z.object({ value: z.unknown() }).transform(({ value }) => value),
  z.object({ default: z.unknown() }).transform((one) => one.default),
]);

/**
 * Reads the configuration of a stack: of the one that is named, of PULUMI_STACK, of the one that
 * `pulumi stack select` has selected, or of the only one with a file. Runs no other program.
 */
export function stackSettings(
  project: Project | undefined,
  named: string | undefined,
  env: NodeJS.ProcessEnv,
): StackSettings {
  if (project === undefined) return { config: () => undefined, secrets: [] };
  const ofEnvironment = env.PULUMI_STACK === '' ? undefined : env.PULUMI_STACK;
  const stack = named ?? ofEnvironment ?? selected(project, env) ?? onlyOne(project.folder);
  // A stack of the cloud may have an organisation before its name.
  const base = join(project.folder, `Pulumi.${stack?.split('/').at(-1) ?? ''}`);
  const path = [`${base}.yaml`, `${base}.yml`].find(existsSync);
  const read = path === undefined ? undefined : readYaml(path);
  const values = new Map([
    ...Object.entries(project.settings.config ?? {}).map(
      ([key, value]) => [key, WITH_VALUE.catch(value).parse(value)] as const,
    ),
    ...Object.entries(STACK.parse(read?.value).config),
  ]);
  return {
    ...(stack === undefined ? {} : { stack }),
    config: (key) => textOf(values.get(key)),
    secrets: [...values.keys()].filter(
      (key) => key.startsWith('aws:') && hasSecret(values.get(key)),
    ),
    ...(read?.error !== undefined && { unreadable: { file: read.file, error: read.error } }),
  };
}

/** Says which stack was read, and what of it could not be read. */
export function diagnoseStack({ stack, config, secrets, unreadable }: StackSettings): Diagnosis {
  if (unreadable !== undefined) {
    return problem('Stack', `${unreadable.file} is not YAML`, `mend it: ${unreadable.error}`);
  }
  if (stack === undefined) {
    return skipped('Stack', 'none is selected; name one with --stack to check its configuration');
  }
  const found = `${stack}, aws:region ${config('aws:region') ?? 'is not set'}`;
  return ok(
    'Stack',
    secrets.length === 0 ? found : `${found}; secrets, which are not read: ${secrets.join(', ')}`,
  );
}

// The engine gives text as it is, and everything else as JSON.
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || hasSecret(value)) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// pulumi, sdk/go/common/resource/config: an object with this member only, at any depth.
function hasSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.entries(value);
  const isSecret = members.length === 1 && members[0]?.[0] === 'secure';
  return isSecret || members.some(([, member]) => hasSecret(member));
}

const SELECTION = z.object({
  stacks: z.record(z.string(), z.string()).catch({}),
  // Of a CLI that knew one backend only.
  stack: z.string().optional().catch(undefined),
});
const CREDENTIALS = z.object({ current: z.string() });

// pulumi, sdk/go/common/workspace: a file for each project that somebody has selected a stack of, and in it a stack
// for each backend.
function selected({ file, settings }: Project, env: NodeJS.ProcessEnv): string | undefined {
  const { name = '', backend } = settings;
  const hash = createHash('sha1').update(file).digest('hex');
  const { PULUMI_HOME: home = join(env.HOME ?? homedir(), '.pulumi') } = env;
  const path = join(home, 'workspaces', `${name}-${hash}-workspace.json`);
  const selection = SELECTION.safeParse(readJson(path)).data;
  const loggedIn = CREDENTIALS.safeParse(readJson(join(home, 'credentials.json'))).data?.current;
  const url = [env.PULUMI_BACKEND_URL, backend?.url, loggedIn].find((each) => (each ?? '') !== '');
  const stack = selection?.stacks[url ?? ''] ?? selection?.stack;
  return stack === '' ? undefined : stack;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function onlyOne(project: string): string | undefined {
  const names = readdirSync(project).flatMap(
    (name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? [],
  );
  return names.length === 1 ? names[0] : undefined;
}
