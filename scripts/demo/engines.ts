import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OfflineStack } from 'pulumi-offline-engine';
import { cliEnvironment } from '../engine/environment';
import { eventsOf, isOwnType, type ResourceSnapshot } from '../engine/events';
import { findEngine, GET_ENGINE, type Engine } from '../engine/find';

/** The operations of an engine that the demo uses. */
export type Operation = 'preview' | 'up' | 'refresh' | 'destroy';

/** Stack configuration. */
export type Config = Readonly<Record<string, string>>;

/** Result of an operation. */
export interface EngineRun {
  /** Everything that the engine printed. */
  readonly output: string;
  /** Resources for each of `create`, `update`, `delete` and `same`, without the stack itself. */
  readonly counts: Readonly<Record<string, number>>;
  /** Names of the properties that an update or a refresh changed. */
  readonly changed: readonly string[];
}

/** An engine that runs the program in the demo. */
export interface DemoEngine {
  readonly title: string;
  /** @throws EngineFailure if the operation fails */
  run(operation: Operation, config: Config): Promise<EngineRun>;
}

/** An operation that the engine did not complete. */
export class EngineFailure extends Error {
  /** Everything that the engine printed. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

interface Place {
  /** Folder with Pulumi.yaml. */
  readonly projectDir: string;
  /** Folder for everything that the engine writes. */
  readonly folder: string;
  /** Receives each line of the engine as soon as it is printed. */
  readonly onLine: (line: string) => void;
}

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: '111122223333',
  AWS_SECRET_ACCESS_KEY: 'demo',
  // The tests of the example check its types. Here that would take most of the time.
  PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
};

const STACK = 'demo';

/** Returns the real engine if there is one, otherwise the offline engine. */
export function chooseEngine(place: Place): DemoEngine {
  const engine = findEngine();
  return engine === undefined ? offlineEngine(place) : realEngine(engine, place);
}

function offlineEngine({ projectDir, folder, onLine }: Place): DemoEngine {
  const stateFile = join(folder, 'state.json');
  return {
    title: `the offline test engine. To get the real one: ${GET_ENGINE}`,
    run: async (operation, config) => {
      const stack = new OfflineStack({
        projectDir,
        stateFile,
        stackName: STACK,
        config,
        // The provider writes below it, by default in the home of the user.
        env: { ...ENVIRONMENT, PULUMI_HOME: join(folder, 'home') },
        onLine,
      });
      const before = snapshotsOf(stack);
      const report = await stack[operation]();
      const output = report.lines.join('\n');
      if (!report.ok) throw new EngineFailure(`${operation} failed`, output);
      const after = snapshotsOf(stack);
      const { refresh, ...counts } = report.summary;
      return {
        output,
        // If a refresh changes the state, the offline engine calls that "refresh".
        counts: refresh === undefined ? counts : { ...counts, update: refresh },
        changed: report.steps
          .filter((step) => step.operation === 'update' || step.operation === 'refresh')
          .flatMap(({ urn }) => changedProperties(before.get(urn), after.get(urn))),
      };
    },
  };
}

function snapshotsOf(stack: OfflineStack): Map<string, ResourceSnapshot> {
  return new Map(stack.exportState().resources.map((resource) => [resource.urn, resource]));
}

function realEngine(engine: Engine, { projectDir, folder, onLine }: Place): DemoEngine {
  const env = {
    ...cliEnvironment(engine, folder, 'demo'),
    // For --event-log.
    PULUMI_DEBUG_COMMANDS: 'true',
    ...ENVIRONMENT,
  };
  const pulumi = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(engine.program, ['--non-interactive', ...args, '--stack', STACK], {
        cwd: projectDir,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const end = (): void => {
        child.kill();
      };
      process.once('exit', end);
      const lines: string[] = [];
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on('line', (line) => {
          lines.push(line);
          onLine(line);
        });
      }
      child.once('error', reject);
      child.once('close', (code, signal) => {
        process.off('exit', end);
        if (code === 0) resolve(lines.join('\n'));
        else {
          const problem = `pulumi ${args[0] ?? ''} ended with ${signal ?? `exit code ${String(code)}`}`;
          reject(new EngineFailure(problem, lines.join('\n')));
        }
      });
    });
  let runs = 0;
  return {
    title: `pulumi ${engine.version}${engine.languageHost === 'test' ? ', with the language host for tests' : ''}`,
    run: async (operation, config) => {
      if (runs === 0) await pulumi('stack', 'init');
      runs += 1;
      const values = Object.entries(config).flatMap(([key, value]) => [
        '--plaintext',
        `${key}=${value}`,
      ]);
      await pulumi('config', 'set-all', ...values);
      const events = join(folder, `events-${runs}.json`);
      const how = operation === 'preview' ? [] : ['--yes', '--skip-preview'];
      const output = await pulumi(operation, ...how, '--event-log', events);
      return { output, ...whatHappened(existsSync(events) ? readFileSync(events, 'utf8') : '') };
    },
  };
}

function whatHappened(eventLog: string): Pick<EngineRun, 'counts' | 'changed'> {
  const operations = new Map<string, string>();
  const changed: string[] = [];
  for (const { resourcePreEvent, resOutputsEvent } of eventsOf(eventLog)) {
    const metadata = (resOutputsEvent ?? resourcePreEvent)?.metadata;
    if (metadata === undefined || isOwnType(metadata.type)) continue;
    // Only the end of a refresh shows whether it changed anything.
    operations.set(metadata.urn, metadata.op);
    if (resOutputsEvent === undefined || metadata.op !== 'update') continue;
    changed.push(...changedProperties(metadata.old ?? undefined, metadata.new ?? undefined));
  }
  const counts: Record<string, number> = {};
  for (const operation of operations.values()) counts[operation] = (counts[operation] ?? 0) + 1;
  return { counts, changed };
}

// Inputs if they differ, because outputs follow from them. Otherwise the states that KMS reports.
function changedProperties(
  before: ResourceSnapshot | undefined,
  after: ResourceSnapshot | undefined,
): string[] {
  const inputs = differences(before?.inputs, after?.inputs);
  if (inputs.length > 0) return inputs;
  return differences(before?.outputs, after?.outputs).filter((name) => name.endsWith('State'));
}

function differences(
  before: Readonly<Record<string, unknown>> = {},
  after: Readonly<Record<string, unknown>> = {},
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}
