import type { ChildProcess } from 'node:child_process';

/** The program, its state file, and its configuration. */
export interface OfflineStackOptions {
  /** The folder with Pulumi.yaml. */
  readonly projectDir: string;
  /** The JSON file with the state. The previous version is in a file beside it, with the suffix `.bak`. */
  readonly stateFile: string;
  /** The name of the stack. Default: `dev`. */
  readonly stackName?: string;
  /** Keys are `name` for the project's namespace, or `namespace:name`, such as `aws:region`. */
  readonly config?: Readonly<Record<string, ConfigInput>>;
  /** Added to the environment of the program and of the provider. */
  readonly env?: Readonly<Record<string, string>>;
  /** Encrypts secrets in the state file. Default: `offline`. */
  readonly passphrase?: string;
  /** How many provider calls may run at the same time. Default: 16. */
  readonly parallel?: number;
  /** Called with each line of output. */
  readonly onLine?: (line: string) => void;
  /** Called with each provider process when it starts, so that a test can kill it. */
  readonly onProvider?: (process: ChildProcess) => void;
}

/** A configuration value, plain or secret. */
export type ConfigInput = string | { readonly value: string; readonly secret: true };

/**
 * The action on one resource. `refresh` means that a refresh found a difference, `delete` in a refresh that
 * the provider no longer finds the resource, and `discard` that its record is dropped without a call.
 */
export type Operation =
  'create' | 'update' | 'replace' | 'delete' | 'same' | 'read' | 'refresh' | 'discard' | 'import';

/** One action on one resource. Reports list them in the order in which they ended. */
export interface StepReport {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Why the action failed. */
  readonly error?: string;
}

/** The steps and the output of a run. */
export interface RunReport {
  /** Whether everything succeeded. */
  readonly ok: boolean;
  /** The steps of all resources, including the stack but not default providers. */
  readonly steps: StepReport[];
  /** How often each action succeeded on a resource other than the stack. */
  readonly summary: Partial<Record<Operation, number>>;
  /** The stack's outputs. Secrets are `[secret]`; values that a preview does not know are `[unknown]`. */
  readonly outputs: Record<string, unknown>;
  /** All messages to the user: failures, warnings, and the output of the program and the providers. */
  readonly diagnostics: string[];
  /** The whole output. */
  readonly lines: string[];
}
