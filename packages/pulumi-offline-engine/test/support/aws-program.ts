import { join } from 'node:path';
import type { EmbeddedKms, ManualClock } from 'embedded-kms';
import { CREDENTIALS } from '../../../embedded-kms/test/support/kms-key';
import { OfflineStack } from '../../src';
import { ProgramFolder } from './program-folder';

/** The folder of the stand-in for the aws plugin. */
export const AWS_PLUGIN = join(__dirname, '..', '..', 'aws-plugin');

export const REGION = 'eu-west-1';

/** The configuration that leads a program to the embedded KMS. */
export function configFor(kms: EmbeddedKms): Record<string, string> {
  return { 'aws:region': REGION, 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) };
}

export const AWS_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};

/**
 * A project in a temporary folder whose program a test writes as text; `pulumi` and `aws` are there. Its
 * Pulumi.yaml names the stand-in for the aws plugin.
 */
export class AwsProgram extends ProgramFolder {
  protected readonly kms: EmbeddedKms;
  readonly #clock: ManualClock | undefined;
  #days = 0;

  /** @param clock - of the embedded KMS; what it is advanced by, all programs and plugins are advanced by */
  constructor(kms: EmbeddedKms, clock?: ManualClock) {
    super();
    this.kms = kms;
    this.#clock = clock;
    this.write('clock.cjs', CLOCK);
    this.write('days.json', '0');
    this.write(
      'Pulumi.yaml',
      [
        'name: life',
        'runtime: { name: nodejs, options: { typescript: false } }',
        `plugins: { providers: [{ name: aws, path: ${AWS_PLUGIN} }] }`,
        '',
      ].join('\n'),
    );
  }

  /** Lets days pass, for KMS and for every process that is started after this. */
  passDays(days: number): void {
    this.#clock?.advance(days * DAY_MS);
    this.#days += days;
    this.write('days.json', String(this.#days));
  }

  program(text: string): void {
    this.write(
      'index.js',
      `const pulumi = require('@pulumi/pulumi');
       const aws = require('@pulumi/aws');
       ${text}`,
    );
  }

  offline(config: Readonly<Record<string, string>> = {}): OfflineStack {
    return new OfflineStack({
      projectDir: this.programFolder,
      stateFile: join(this.engineFolder, 'state.json'),
      config: { ...configFor(this.kms), ...config },
      env: this.environment(),
    });
  }

  protected environment(): Record<string, string> {
    if (this.#clock === undefined) return AWS_ENVIRONMENT;
    return {
      ...AWS_ENVIRONMENT,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${join(this.programFolder, 'clock.cjs')}`,
    };
  }
}

const DAY_MS = 86_400_000;

// The real provider has no clock but that of its process.
const CLOCK = `
const passed = JSON.parse(require('node:fs').readFileSync(__dirname + '/days.json', 'utf8')) * ${DAY_MS};
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + passed);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + passed;
  }
};
`;
