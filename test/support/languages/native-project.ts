import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { findGoProgram } from '../../../scripts/test-tools/go-program';
import { JAVA_HOST, YAML_HOST } from '../../../scripts/test-tools/languages';
import { AWS_ENVIRONMENT, AWS_PLUGIN, configFor, REGION } from '../aws-program';
import { installPackages } from '../install-packages';
import { ENGINE, PulumiCli } from '../pulumi-cli';
import { goHost } from './go-host';
import { nodejsHost } from './nodejs-host';
import { pythonHost } from './python-host';

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');

/** The configuration with which the native plugin reaches the embedded KMS. */
export function nativeConfig(kms: EmbeddedKms): Record<string, string> {
  return { ...configFor(kms), 'kms-byok:region': REGION, 'kms-byok:endpoint': kms.url };
}

/** A project in another language, in a folder of its own that has this package as its users install it. */
export class NativeProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'byok-native-'));
  readonly program = join(this.folder, 'program');
  readonly #kms: EmbeddedKms;

  constructor(kms: EmbeddedKms) {
    this.#kms = kms;
    mkdirSync(this.program);
    installPackages(this.program);
  }

  /** Takes the files of an example. */
  copyExample(name: string): void {
    cpSync(join(EXAMPLES, name), this.program, { recursive: true });
    this.describe(
      this.read('Pulumi.yaml').replace('../../plugin', './node_modules/pulumi-kms-byok/plugin'),
    );
  }

  /** Writes Pulumi.yaml, with the stand-in as the aws plugin. */
  describe(settings: string): void {
    const plugins = { providers: [{ name: 'aws', path: AWS_PLUGIN }] };
    this.write('Pulumi.yaml', `${settings}plugins: ${JSON.stringify(plugins)}\n`);
  }

  write(name: string, content: Uint8Array | string): void {
    writeFileSync(join(this.program, name), content, { mode: 0o600 });
  }

  read(name: string): string {
    return readFileSync(join(this.program, name), 'utf8');
  }

  edit(name: string, text: string, by: string): void {
    const before = this.read(name);
    if (!before.includes(text)) throw new Error(`${name} does not contain ${text}`);
    this.write(name, before.replace(text, by));
  }

  start(
    config: Readonly<Record<string, string>> = nativeConfig(this.#kms),
    env: Readonly<Record<string, string>> = {},
  ): Promise<PulumiCli> {
    const state = join(this.folder, 'engine');
    mkdirSync(state);
    const hosts = [YAML_HOST, JAVA_HOST].map(findGoProgram);
    const path = [...hosts, ENGINE?.path].filter((each) => each !== undefined);
    return PulumiCli.create({
      projectDir: this.program,
      folder: state,
      config,
      hosts: { nodejs: nodejsHost, python: pythonHost, go: goHost },
      env: { ...AWS_ENVIRONMENT, PATH: path.join(delimiter), ...env },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A KMS, and a project that reaches it. */
interface Place {
  readonly kms: EmbeddedKms;
  readonly project: NativeProject;
}

/** One for all tests of a block. Its members are there as soon as the hooks of the block run. */
export function nativeProjectForAll(): Place {
  let kms: EmbeddedKms;
  let project: NativeProject;
  beforeAll(async () => {
    kms = await startKms();
    project = new NativeProject(kms);
  });
  afterAll(async () => {
    project.remove();
    await kms.close();
  });
  return {
    get kms() {
      return kms;
    },
    get project() {
      return project;
    },
  };
}
