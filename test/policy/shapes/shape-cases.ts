import type { RuleId } from '../../../src/policy/rule-settings';

/** A program, and how long ago its material was imported, in days. Default: just now. */
export type Program = string | { readonly text: string; readonly importedDaysAgo: number };

/** Programs in the shapes that a rule meets in the stacks of others. */
export interface RuleShapes {
  readonly rule: RuleId;
  readonly passes: Readonly<Record<string, Program>>;
  /** With the names of the resources that the rule is about. */
  readonly fails: Readonly<Record<string, readonly [Program, readonly string[]]>>;
}

/** The beginning of every program. */
export const PRELUDE = `
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { ImportedKey, ImportedKeyMaterial, KmsByokProvider } from 'pulumi-kms-byok';

// A value that a preview does not know.
const later = (value: any): any =>
  pulumi.output(pulumi.runtime.isDryRun() ? pulumi.unknown : value);
class Platform extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super('acme:index:Platform', name, {}, opts);
  }
}
// A resource of the aws provider without its class, as generated code has it.
class Bare extends pulumi.CustomResource {
  constructor(type: string, name: string, props: object, opts?: pulumi.CustomResourceOptions) {
    super(type, name, props, opts);
  }
}
const stored = { secretsManager: { secretId: 'kms/root-key' } };
const quiet = { ignoreChanges: ['validTo', 'enabled'], protect: true };
const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
`;
