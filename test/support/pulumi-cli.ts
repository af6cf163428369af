import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cliEnvironment } from '../../scripts/engine/environment';
import { eventsOf, isOwnType } from '../../scripts/engine/events';
import { findEngine, GET_ENGINE } from '../../scripts/engine/find';
import { languageService } from '../../packages/pulumi-offline-engine/src/language-host/service';
import { attachHosts, type LanguageHost } from './attached-host';

/** The real engine. Undefined if there is none. */
export const ENGINE = findEngine();

/** Outcome of one run of the CLI. */
export interface CliReport {
  readonly ok: boolean;
  /** Counts of operations, without the stack itself. */
  readonly summary: Readonly<Record<string, number>>;
  /** Started or planned steps, without those of resources that stay the same: operation, type, name. */
  readonly changes: readonly string[];
  /** The names of the resources with an error of their own. */
  readonly failed: readonly string[];
  /** Everything on stdout and stderr. */
  readonly output: string;
  /** The resources other than the stack, in the order of their steps. Empty for a preview. */
  readonly steps: readonly { readonly type: string; readonly name: string }[];
  /** Messages to the user, including those of the program and of providers. Empty for a preview. */
  readonly diagnostics: readonly string[];
  /** Findings of the policy packs. */
  readonly policies: readonly PolicyFinding[];
}

/** Outcome of a command, with all that it printed. */
export interface CommandReport {
  readonly ok: boolean;
  readonly output: string;
}

/** Finding of a policy on a resource or on the stack. */
export interface PolicyFinding {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
}

/** A pack, and the file of its configuration. */
export interface PolicyPackChoice {
  readonly path: string;
  readonly config?: string;
}

interface CliOptions {
  readonly projectDir: string;
  /** Where the backend, PULUMI_HOME and plans are kept. */
  readonly folder: string;
  readonly config?: Readonly<Record<string, string>>;
  /** Number of provider calls at the same time. Default: that of the CLI. */
  readonly parallel?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Language hosts for tests, by the name of the runtime. Node.js has one where Pulumi's own is absent. */
  readonly hosts?: Readonly<Record<string, LanguageHost>>;
  /** Reviews each preview and update. */
  readonly policyPack?: PolicyPackChoice;
}

/** One stack under the real engine, with a backend in a folder and no network. */
export class PulumiCli {
  readonly #options: CliOptions;
  readonly #program: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(options: CliOptions, program: string, environment: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#program = program;
    this.#environment = environment;
  }

  static async create(options: CliOptions): Promise<PulumiCli> {
    if (ENGINE === undefined) throw new Error(`there is no pulumi here. Run: ${GET_ENGINE}`);
    const environment = {
      ...cliEnvironment(ENGINE, options.folder, 'test'),
      // For --event-log.
      PULUMI_DEBUG_COMMANDS: 'true',
      PULUMI_SKIP_CONFIRMATIONS: 'true',
      ...quickLauncher(ENGINE.path),
      ...options.env,
    };
    const attached = await attachHosts(
      { ...(ENGINE.languageHost === 'test' ? { nodejs: languageService } : {}), ...options.hosts },
      environment,
    );
    const stack = new PulumiCli(options, ENGINE.program, { ...environment, ...attached });
    // The CLI adds to the file of the stack what it needs for secrets.
    const { projectDir, config = {} } = options;
    writeFileSync(join(projectDir, 'Pulumi.test.yaml'), JSON.stringify({ config }));
    await stack.#succeed(['stack', 'init', 'test']);
    return stack;
  }

  /** The same stack, whose previews and updates another pack reviews. */
  reviewedBy(policyPack: PolicyPackChoice): PulumiCli {
    return new PulumiCli({ ...this.#options, policyPack }, this.#program, this.#environment);
  }

  /** Sets configuration beside what the stack has. */
  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    const values = Object.entries(config).flatMap(([key, value]) => [
      '--plaintext',
      `${key}=${value}`,
    ]);
    await this.#succeed(['config', 'set-all', '--stack', 'test', ...values]);
  }

  /** `pulumi install`: generates the SDKs of local packages, and installs what the program needs. */
  install(): Promise<void> {
    return this.#succeed(['install']);
  }

  /** `pulumi package add`. */
  addPackage(source: string): Promise<void> {
    return this.#succeed(['package', 'add', source]);
  }

  /** `pulumi plugin install resource`. */
  installPlugin(...rest: readonly string[]): Promise<void> {
    return this.#succeed(['plugin', 'install', 'resource', ...rest]);
  }

  /** @param plan - a file for the update plan */
  preview(plan?: string): Promise<CliReport> {
    const saving = plan === undefined ? [] : ['--save-plan', plan];
    return this.#report(['preview', ...saving, ...this.#reviewing()]);
  }

  /** @param options - of `pulumi up`, such as `--exclude` and a URN */
  up(...options: string[]): Promise<CliReport> {
    return this.#report(['up', '--yes', '--skip-preview', ...this.#reviewing(), ...options]);
  }

  /** An update with its preview, as a person runs it. */
  upWithPreview(): Promise<CliReport> {
    return this.#report(['up', '--yes']);
  }

  /** An update without any of the engine's events, for those who measure it. */
  upUnobserved(): Promise<CommandReport> {
    return this.#run(['up', '--yes', '--skip-preview', '--stack', 'test']);
  }

  refresh(): Promise<CliReport> {
    return this.#report(['refresh', '--yes', '--skip-preview']);
  }

  destroy(...options: readonly string[]): Promise<CliReport> {
    return this.#report(['destroy', '--yes', '--skip-preview', ...options]);
  }

  /** `pulumi import -f`, with the content of the file. */
  importFile(content: unknown): Promise<CliReport> {
    const file = join(this.#options.folder, 'import.json');
    writeFileSync(file, JSON.stringify(content));
    return this.#report(['import', '--file', file, '--generate-code=false', '--yes']);
  }

  /** `pulumi import TYPE NAME ID`. */
  importResource(type: string, name: string, id: string): Promise<CliReport> {
    return this.#report([
      'import',
      type,
      name,
      id,
      '--generate-code=false',
      '--yes',
      '--protect=false',
    ]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.#run(['stack', 'output', '--stack', 'test', '--json']);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** `pulumi stack import`. */
  async importState(file: string): Promise<boolean> {
    return (await this.#run(['stack', 'import', '--stack', 'test', '--file', file])).ok;
  }

  /** @param options - of `pulumi stack export`, such as `--show-secrets` */
  async exportState(...options: string[]): Promise<{
    readonly deployment: { readonly resources: readonly Record<string, unknown>[] };
  }> {
    const file = join(this.#options.folder, 'export.json');
    await this.#run(['stack', 'export', '--stack', 'test', '--file', file, ...options]);
    return JSON.parse(readFileSync(file, 'utf8')) as Awaited<ReturnType<PulumiCli['exportState']>>;
  }

  #reviewing(): string[] {
    const { policyPack } = this.#options;
    if (policyPack === undefined) return [];
    const { path, config } = policyPack;
    return [
      '--policy-pack',
      path,
      ...(config === undefined ? [] : ['--policy-pack-config', config]),
    ];
  }

  async #report(args: string[]): Promise<CliReport> {
    // With a preview before it, the JSON of an update is of another form.
    const streamed = args.includes('--skip-preview');
    const reviewed = args.includes('--policy-pack');
    const isPreview = args[0] === 'preview';
    const events = join(this.#options.folder, 'events.json');
    if (reviewed || isPreview) rmSync(events, { force: true });
    const { parallel } = this.#options;
    const { ok, output } = await this.#run([
      ...args,
      '--stack',
      'test',
      ...(streamed ? ['--json'] : []),
      ...(reviewed || isPreview ? ['--event-log', events] : []),
      ...(parallel === undefined ? [] : ['--parallel', String(parallel)]),
    ]);
    const logged = existsSync(events) ? readFileSync(events, 'utf8') : '';
    const seen = streamed ? output : isPreview ? logged : '';
    return {
      ok,
      output,
      summary: summaryOf(seen),
      changes: changesOf(seen),
      failed: failedOf(seen),
      steps: streamed ? stepsOf(output) : [],
      diagnostics: streamed ? diagnosticsOf(output) : [],
      policies: reviewed ? policiesOf(logged) : [],
    };
  }

  async #succeed(args: string[]): Promise<void> {
    const { ok, output } = await this.#run(args);
    if (!ok) throw new Error(`pulumi ${args.join(' ')} failed: ${output}`);
  }

  #run(args: string[]): Promise<CommandReport> {
    return new Promise((resolve) => {
      execFile(
        this.#program,
        ['--non-interactive', ...args],
        { cwd: this.#options.projectDir, env: this.#environment, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          resolve({ ok: error === null, output: stdout + stderr });
        },
      );
    });
  }
}

/**
 * The PATH with a launcher of dynamic providers that knows the file that it starts. That of the SDK starts a Node.js
 * to find it, in each command of the CLI. A benchmark has what users have.
 */
function quickLauncher(path: string): NodeJS.ProcessEnv {
  if (globalThis.stopBehindTests === undefined) return {};
  return { PATH: [join(__dirname, 'launcher'), path].join(delimiter) };
}

function policiesOf(eventLog: string): PolicyFinding[] {
  return eventsOf(eventLog).flatMap(({ policyEvent }) =>
    policyEvent === undefined
      ? []
      : [
          {
            policy: policyEvent.policyName,
            level: policyEvent.enforcementLevel,
            urn: policyEvent.resourceUrn ?? '',
          },
        ],
  );
}

function stepsOf(output: string): { readonly type: string; readonly name: string }[] {
  return eventsOf(output).flatMap(({ resOutputsEvent }) => {
    if (resOutputsEvent === undefined) return [];
    const { type, urn } = resOutputsEvent.metadata;
    return isOwnType(type) ? [] : [{ type, name: nameOf(urn) }];
  });
}

const nameOf = (urn: string): string => urn.split('::').at(-1) ?? '';

function changesOf(events: string): string[] {
  return eventsOf(events).flatMap(({ resourcePreEvent }) => {
    const { type, op, urn } = resourcePreEvent?.metadata ?? { type: '', op: 'same', urn: '' };
    return isOwnType(type) || op === 'same' ? [] : [`${op} ${type} ${nameOf(urn)}`];
  });
}

function failedOf(events: string): string[] {
  return eventsOf(events).flatMap(({ diagnosticEvent: said }) =>
    said?.severity === 'error' && said.urn !== undefined && said.urn !== ''
      ? [nameOf(said.urn)]
      : [],
  );
}

// The engine names every plugin that it takes from PATH: that is how the tests give it theirs.
const PLUGIN_ON_PATH = /^using pulumi-\S+ from \$PATH/;

function diagnosticsOf(output: string): string[] {
  return eventsOf(output).flatMap(({ diagnosticEvent: said }) =>
    said === undefined || said.severity === 'debug' || PLUGIN_ON_PATH.test(said.message)
      ? []
      : [said.message],
  );
}

// Counts what happened to resources other than the stack and its providers.
function summaryOf(output: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { resourcePreEvent } of eventsOf(output)) {
    if (resourcePreEvent === undefined) continue;
    const { type, op } = resourcePreEvent.metadata;
    if (!isOwnType(type)) counts[op] = (counts[op] ?? 0) + 1;
  }
  return counts;
}
