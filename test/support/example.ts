import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OfflineStack } from '../../src/testing/engine';
import type { Kms } from '../../src/testing/kms/index';
import { AWS_ENVIRONMENT, configFor } from './aws-program';
import { installPackages } from './install-packages';
import { PulumiCli } from './pulumi-cli';

const ROOT = join(__dirname, '..', '..');

// The types of the examples are checked once for all, by npm run typecheck.
const ENVIRONMENT = { ...AWS_ENVIRONMENT, PULUMI_NODEJS_TRANSPILE_ONLY: 'true' };

type Config = Readonly<Record<string, string>>;

/**
 * What baseline advises an example: it is made to be thrown away, so that its key is not protected and
 * goes after seven days.
 */
export function adviceOn(name: string): string[] {
  return name === 'adopt-existing' ? [] : ['byok-deletion-window', 'byok-protect'];
}

/** An example as it is, in a folder of its own, so that the repository stays clean. */
export class Example {
  readonly folder = mkdtempSync(join(tmpdir(), 'byok-example-'));
  readonly program: string;
  readonly #kms: Kms;
  readonly #name: string;

  constructor(name: string, kms: Kms) {
    this.#kms = kms;
    this.#name = name;
    this.program = join(this.folder, 'program');
    const source = join(ROOT, 'examples', name);
    cpSync(source, this.program, { recursive: true });
    installPackages(this.folder);
    const own = name === 'quickstart' ? join(ROOT, 'Pulumi.yaml') : join(source, 'Pulumi.yaml');
    const plugins = { providers: [{ name: 'aws', path: join(ROOT, 'aws-plugin') }] };
    const settings = readFileSync(own, 'utf8').replace(/^main: .*\n/m, '');
    this.write('Pulumi.yaml', `${settings}plugins: ${JSON.stringify(plugins)}\n`);
  }

  write(name: string, content: Uint8Array | string): void {
    mkdirSync(join(this.program, name, '..'), { recursive: true });
    writeFileSync(join(this.program, name), content);
  }

  /** The names of the outputs that the README shows. */
  promisedOutputs(): string[] {
    const readme = readFileSync(join(ROOT, 'examples', this.#name, 'README.md'), 'utf8');
    const block = /```\nOutputs:\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    return [...block.matchAll(/^ {4}(\w+) *:/gm)].map((match) => match[1] ?? '').sort();
  }

  offline(config: Config = {}): OfflineStack {
    return new OfflineStack({
      projectDir: this.program,
      stateFile: join(this.folder, 'state.json'),
      config: { ...configFor(this.#kms), ...config },
      env: ENVIRONMENT,
    });
  }

  /** A stack whose updates are reviewed by the policy pack at its defaults. */
  real(config: Config = {}): Promise<PulumiCli> {
    mkdirSync(join(this.folder, 'engine'), { recursive: true });
    return PulumiCli.create({
      projectDir: this.program,
      folder: join(this.folder, 'engine'),
      config: { ...configFor(this.#kms), ...config },
      env: ENVIRONMENT,
      policyPack: { path: join(ROOT, 'policy-pack') },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
