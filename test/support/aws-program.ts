import { join } from 'node:path';

import { OfflineStack } from '../../src/testing/engine';
import type { Kms } from '../../src/testing/kms/index';
import { CREDENTIALS } from './kms-key';
import { ProjectFolder } from './project-folder';
import { PulumiCli } from './pulumi-cli';

const ROOT = join(__dirname, '..', '..');

export const REGION = 'eu-west-1';

/** The configuration that leads a program to the embedded KMS. */
export function configFor(kms: Kms): Record<string, string> {
  return { 'aws:region': REGION, 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) };
}

export const AWS_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};

/**
 * A project in a temporary folder whose program a test writes as text; `pulumi`, `aws` and `byok` are
 * there. Its Pulumi.yaml names the stand-in for the aws plugin.
 */
export class AwsProgram extends ProjectFolder {
  readonly #kms: Kms;

  constructor(kms: Kms) {
    super();
    this.#kms = kms;
    this.write(
      'Pulumi.yaml',
      [
        'name: life',
        'runtime: { name: nodejs, options: { typescript: false } }',
        `plugins: { providers: [{ name: aws, path: ${join(ROOT, 'aws-plugin')} }] }`,
        '',
      ].join('\n'),
    );
  }

  program(text: string): void {
    this.write(
      'index.js',
      `const pulumi = require('@pulumi/pulumi');
       const aws = require('@pulumi/aws');
       const byok = require('pulumi-kms-byok');
       ${text}`,
    );
  }

  offline(config: Readonly<Record<string, string>> = {}): OfflineStack {
    return new OfflineStack({
      projectDir: this.programFolder,
      stateFile: join(this.engineFolder, 'state.json'),
      config: { ...configFor(this.#kms), ...config },
      env: AWS_ENVIRONMENT,
    });
  }

  real(
    config: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<PulumiCli> {
    return PulumiCli.create({
      projectDir: this.programFolder,
      folder: this.engineFolder,
      config: { ...configFor(this.#kms), ...config },
      env: { ...AWS_ENVIRONMENT, ...env },
    });
  }
}
