import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OfflineStack } from 'pulumi-offline-engine';
import type { EmbeddedKms } from 'embedded-kms';
import { AWS_ENVIRONMENT, AWS_PLUGIN, configFor } from './aws-program';
import { installPackages } from './install-packages';
import { ENGINE, PulumiCli, type CliReport } from './pulumi-cli';

const ROOT = join(__dirname, '..', '..');

// The types of the examples are checked once for all, by npm run typecheck.
const ENVIRONMENT = { ...AWS_ENVIRONMENT, PULUMI_NODEJS_TRANSPILE_ONLY: 'true' };

type Config = Readonly<Record<string, string>>;

/**
 * Advice of the baseline preset on an example. Examples are meant to be thrown away, so their keys are not
 * protected and are deleted after seven days.
 */
export function adviceOn(name: string): string[] {
  return name === 'adopt-existing' ? [] : ['byok-deletion-window', 'byok-protect'];
}

/** Report of either engine on an update of an example. */
export interface ExampleUpdate {
  readonly ok: boolean;
  /** Everything that was printed. */
  readonly text: string;
  readonly summary: Readonly<Record<string, number | undefined>>;
  readonly steps: readonly { readonly type: string; readonly name: string }[];
  readonly diagnostics: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Findings of the baseline preset. Empty with the offline engine, which runs no policies. */
  readonly policies: CliReport['policies'];
}

/** A stack of an example. */
export interface ExampleStack {
  /** @param config - beside what the stack has */
  up(config?: Config): Promise<ExampleUpdate>;
  /** An update that the policy pack reviews at its defaults. */
  upUnderBaseline(): Promise<ExampleUpdate>;
}

/** An example as it is, in a folder of its own, so that the repository stays clean. */
export class Example {
  readonly folder = mkdtempSync(join(tmpdir(), 'byok-example-'));
  readonly program: string;
  readonly #kms: EmbeddedKms;
  readonly #name: string;

  constructor(name: string, kms: EmbeddedKms) {
    this.#kms = kms;
    this.#name = name;
    this.program = join(this.folder, 'program');
    const source = join(ROOT, 'examples', name);
    cpSync(source, this.program, { recursive: true });
    installPackages(this.folder);
    const own = name === 'quickstart' ? join(ROOT, 'Pulumi.yaml') : join(source, 'Pulumi.yaml');
    const plugins = {
      providers: [{ name: 'aws', path: AWS_PLUGIN }],
    };
    const settings = readFileSync(own, 'utf8').replace(/^main: .*\n/m, '');
    this.write('Pulumi.yaml', `${settings}plugins: ${JSON.stringify(plugins)}\n`);
  }

  write(name: string, content: Uint8Array | string): void {
    mkdirSync(join(this.program, name, '..'), { recursive: true });
    // Material that others can read is warned of.
    writeFileSync(join(this.program, name), content, { mode: 0o600 });
  }

  /** The names of the outputs that the README shows. */
  promisedOutputs(): string[] {
    const readme = readFileSync(join(ROOT, 'examples', this.#name, 'README.md'), 'utf8');
    const block = /```\nOutputs:\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    return [...block.matchAll(/^ {4}(\w+) *:/gm)].map((match) => match[1] ?? '').sort();
  }

  /** Starts a stack under the real engine, or under the offline one where there is none. */
  start(config: Config = {}): Promise<ExampleStack> {
    return ENGINE === undefined ? Promise.resolve(this.#offline(config)) : this.#real(config);
  }

  #offline(config: Config): ExampleStack {
    let all: Config = { ...configFor(this.#kms), ...config };
    const up = async (more: Config = {}): Promise<ExampleUpdate> => {
      all = { ...all, ...more };
      const stack = new OfflineStack({
        projectDir: this.program,
        stateFile: join(this.folder, 'state.json'),
        config: all,
        env: ENVIRONMENT,
      });
      const report = await stack.up();
      return { ...report, text: report.lines.join('\n'), policies: [] };
    };
    return { up, upUnderBaseline: () => up() };
  }

  async #real(config: Config): Promise<ExampleStack> {
    mkdirSync(join(this.folder, 'engine'), { recursive: true });
    const stack = await PulumiCli.create({
      projectDir: this.program,
      folder: join(this.folder, 'engine'),
      config: { ...configFor(this.#kms), ...config },
      env: ENVIRONMENT,
    });
    const run = async (by: PulumiCli): Promise<ExampleUpdate> => {
      const report = await by.up();
      return { ...report, text: report.output, outputs: report.ok ? await by.outputs() : {} };
    };
    return {
      async up(more) {
        if (more !== undefined) await stack.configure(more);
        return run(stack);
      },
      upUnderBaseline: () => run(stack.reviewedBy({ path: join(ROOT, 'policy-pack') })),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
