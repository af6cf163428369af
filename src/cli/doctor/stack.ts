import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ok, skipped, type Diagnosis } from './diagnosis';
import { folderWith } from './installed-package';

/** The configuration of a stack, as its file has it. */
export interface StackSettings {
  /** Undefined if no stack is named or selected. */
  readonly stack?: string;
  /** Returns a text of the configuration; undefined for a secret, which only Pulumi can read. */
  readonly config: (key: string) => string | undefined;
}

/**
 * Reads the configuration of a stack: of the one that is named, of PULUMI_STACK, of the one that
 * `pulumi stack select` has selected, or of the only one with a file. Runs no other program.
 *
 * @param from - a folder of the project
 */
export function stackSettings(
  from: string,
  named: string | undefined,
  env: NodeJS.ProcessEnv,
): StackSettings {
  const project = folderWith(['Pulumi.yaml', 'Pulumi.yml'], from);
  if (project === undefined) return { config: () => undefined };
  const file = [join(project, 'Pulumi.yaml'), join(project, 'Pulumi.yml')].find(existsSync) ?? '';
  const ofEnvironment = env.PULUMI_STACK === '' ? undefined : env.PULUMI_STACK;
  const stack = named ?? ofEnvironment ?? selected(file, env) ?? onlyOne(project);
  // A stack of the cloud may have an organisation before its name.
  const base = `Pulumi.${stack?.split('/').at(-1) ?? ''}`;
  const files = [join(project, `${base}.yaml`), join(project, `${base}.yml`), file];
  const texts = files.filter(existsSync).map((name) => readFileSync(name, 'utf8'));
  return {
    ...(stack === undefined ? {} : { stack }),
    config: (key) => texts.map((text) => valueOf(text, key)).find((value) => value !== undefined),
  };
}

/** Says from which stack the Region and the proxy were read. */
export function diagnoseStack({ stack, config }: StackSettings): Diagnosis {
  if (stack === undefined) {
    return skipped('Stack', 'none is selected; name one with --stack to check its configuration');
  }
  return ok('Stack', `${stack}, aws:region ${config('aws:region') ?? 'is not set'}`);
}

// pulumi, sdk/go/common/workspace: a file for each project that somebody has selected a stack of.
function selected(file: string, env: NodeJS.ProcessEnv): string | undefined {
  const name = /^name:\s*['"]?([^'"#\s]+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const hash = createHash('sha1').update(file).digest('hex');
  const { PULUMI_HOME: home = join(env.HOME ?? homedir(), '.pulumi') } = env;
  try {
    const text = readFileSync(join(home, 'workspaces', `${name}-${hash}-workspace.json`), 'utf8');
    const { stack } = JSON.parse(text) as { readonly stack?: unknown };
    return typeof stack === 'string' && stack !== '' ? stack : undefined;
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

// A text on the line of its key, or as the value of a project's setting. A secret is on the next line.
function valueOf(text: string, key: string): string | undefined {
  const line = new RegExp(
    `^\\s+["']?${key}["']?:[ \\t]*(?:\\n\\s+(?:value|default):[ \\t]*)?(?:"([^"\\n]*)"|'([^'\\n]*)'|([^\\s#{[][^\\s#]*))[ \\t]*(?:#.*)?$`,
    'm',
  ).exec(text);
  return line?.[1] ?? line?.[2] ?? line?.[3];
}
