import type { Operation, RunReport, StepReport } from './contract';
import type { ConfigEntry } from './config';
import { STACK_TYPE, nameOf } from './urn';

/** The messages and steps of a run, in order. */
export class RunLog {
  readonly #onLine: (line: string) => void;
  readonly #hidden: readonly string[];
  readonly #lines: string[] = [];
  readonly #diagnostics: string[] = [];
  readonly #steps: StepReport[] = [];
  #ok = true;

  constructor(config: readonly ConfigEntry[], onLine: (line: string) => void = () => undefined) {
    this.#onLine = onLine;
    // As in Pulumi: it hides only secret configuration values, except those that are too common.
    this.#hidden = config.flatMap(({ secret, value }) =>
      secret && value.length >= 3 && !/^(true|false)$/i.test(value) ? [value] : [],
    );
    this.line('pulumi-offline-engine (not Pulumi)');
  }

  /** Whether nothing has failed so far. */
  get ok(): boolean {
    return this.#ok;
  }

  /** Prints progress. */
  line(text: string): void {
    const line = this.#filter(text);
    this.#lines.push(line);
    this.#onLine(line);
  }

  /** Prints a message for the user. */
  diagnostic(text: string): void {
    this.#diagnostics.push(this.#filter(text));
    this.line(`  ${text}`);
  }

  /** Prints an error, which makes the run fail. */
  failure(text: string): void {
    this.#ok = false;
    this.diagnostic(`error: ${text}`);
  }

  /** Records an action that succeeded. */
  step(operation: Operation, { urn, type }: Pick<StepReport, 'urn' | 'type'>): void {
    this.#steps.push({ operation, urn, type, name: nameOf(urn) });
    this.line(`${operation} ${type} ${nameOf(urn)}`);
  }

  /** Records an action that failed, with each reason as a message. */
  failedStep(
    operation: Operation,
    { urn, type }: Pick<StepReport, 'urn' | 'type'>,
    reasons: readonly string[],
  ): void {
    const name = nameOf(urn);
    const error = this.#filter(reasons.join('\n'));
    this.#steps.push({ operation, urn, type, name, error });
    this.line(`${operation} ${type} ${name} failed`);
    for (const reason of reasons) this.failure(reason);
  }

  /** Prints the last line, and returns the report. */
  close(outputs: Record<string, unknown>): RunReport {
    const summary: RunReport['summary'] = {};
    for (const { operation, type, error } of this.#steps) {
      if (type === STACK_TYPE || error !== undefined) continue;
      summary[operation] = (summary[operation] ?? 0) + 1;
    }
    const counts = Object.entries(summary).map(([operation, count]) => `${count} ${operation}`);
    this.line(`${this.#ok ? 'succeeded' : 'failed'}: ${counts.join(', ') || 'nothing to do'}`);
    return {
      ok: this.#ok,
      steps: this.#steps,
      summary,
      outputs,
      diagnostics: this.#diagnostics,
      lines: this.#lines,
    };
  }

  #filter(text: string): string {
    return this.#hidden.reduce((line, value) => line.replaceAll(value, '[secret]'), text);
  }
}
