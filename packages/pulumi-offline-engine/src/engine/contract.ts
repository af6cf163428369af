import type { ChildProcess } from 'node:child_process';

/** Where a program is, where its state is kept, and what is given to it. */
export interface OfflineStackOptions {
  /** The folder with Pulumi.yaml. */
  readonly projectDir: string;
  /** The JSON file that holds the state; its previous version is kept beside it as `.bak`. */
  readonly stateFile: string;
  /** The name of the stack, `dev` by default. */
  readonly stackName?: string;
  /** Keys are `name`, in the project's namespace, or `namespace:name`, such as `aws:region`. */
  readonly config?: Readonly<Record<string, ConfigInput>>;
  /** Added to the environment of the program and of the provider. */
  readonly env?: Readonly<Record<string, string>>;
  /** Encrypts secrets in the state file, `offline` by default. */
  readonly passphrase?: string;
  /** Provider calls at the same time, 16 by default. */
  readonly parallel?: number;
  /** Gets each line as it is printed. */
  readonly onLine?: (line: string) => void;
  /** Gets each provider process as it starts, so that a test can kill it. */
  readonly onProvider?: (process: ChildProcess) => void;
}

/** A configuration value, secret or not. */
export type ConfigInput = string | { readonly value: string; readonly secret: true };

/**
 * What was done with one resource. `refresh` is a refresh that found a difference, `delete` in a refresh
 * is a resource that the provider no longer finds, and `discard` is one that is forgotten without a call.
 */
export type Operation =
  'create' | 'update' | 'replace' | 'delete' | 'same' | 'read' | 'refresh' | 'discard' | 'import';

/** One operation on one resource, in the order in which they ended. */
export interface StepReport {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Why the operation failed. */
  readonly error?: string;
}

/** What a run did and said. */
export interface RunReport {
  /** Whether everything succeeded. */
  readonly ok: boolean;
  /** The steps of all resources, the stack included and default providers not. */
  readonly steps: StepReport[];
  /** How often each operation succeeded on a resource other than the stack. */
  readonly summary: Partial<Record<Operation, number>>;
  /** The stack's outputs; a secret is `[secret]` and, in a preview, an unknown is `[unknown]`. */
  readonly outputs: Record<string, unknown>;
  /** All messages to the user: failures, warnings, and what the program and the provider printed. */
  readonly diagnostics: string[];
  /** Everything that was printed. */
  readonly lines: string[];
}
