import { join } from 'node:path';
import { GO_MODULE } from '../engine/versions';
import type { GoProgram } from './go-program';

/** Pulumi's own language host of YAML programs. */
export const YAML_HOST: GoProgram = {
  title: "Pulumi's language host of YAML",
  name: 'pulumi-language-yaml',
  module: join(__dirname, 'yaml-host'),
  package: 'github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml',
};

/** Pulumi's own language host of Java programs, which generates SDKs too. */
export const JAVA_HOST: GoProgram = {
  title: "Pulumi's language host of Java",
  name: 'pulumi-language-java',
  module: join(__dirname, 'java-host'),
  package: 'github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java',
};

/**
 * Pulumi's generators of SDKs, which its language hosts of other languages have inside, and beside it
 * `pulumi-language-python-exec`, with which its language host of Python starts a program.
 */
export const SDK_GENERATOR: GoProgram = {
  title: "Pulumi's generators of SDKs",
  name: 'sdk-generator',
  module: GO_MODULE,
  package: './sdk-generator',
  beside: {
    module: 'github.com/pulumi/pulumi/sdk/v3',
    path: 'python/cmd/pulumi-language-python-exec',
  },
};
