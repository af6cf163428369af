import { resolve } from 'node:path';

import { resolveConfig } from './config';
import type { OfflineStackOptions, RunReport } from './contract';
import { Deployment } from './deployment';
import { Gate } from './gate';
import { startServer } from './monitor';
import { startPlugin } from './plugins';
import { runProgram } from './program';
import { readProject } from './project';
import { ProviderRegistry } from './provider-registry';
import { RunLog } from './run-log';
import { loadSdk } from './sdk';
import { Snapshot } from './snapshot';

/** Pulumi's own default is four for each core. */
const DEFAULT_PARALLEL = 16;

/** A run that has begun. */
export interface Run {
  readonly deployment: Deployment;
  readonly log: RunLog;
  /** Runs the program to its end. */
  readonly program: () => Promise<void>;
}

/**
 * Runs a stack once. Rejects only when the run cannot begin.
 *
 * @param body - the work between the start of the providers' registry and their end
 */
export async function runStack(
  name: 'preview' | 'up' | 'refresh' | 'destroy',
  options: OfflineStackOptions,
  body: (run: Run) => Promise<void>,
): Promise<RunReport> {
  const preview = name === 'preview';
  const { parallel = DEFAULT_PARALLEL } = options;
  const project = readProject(options.projectDir);
  const sdk = loadSdk(project.programDir);
  const config = resolveConfig(project, options.config);
  const stackName = options.stackName ?? 'dev';
  const env = { ...process.env, ...options.env };
  const snapshot = Snapshot.open(resolve(options.stateFile), options.passphrase, preview);
  const log = new RunLog(config, options.onLine);
  log.line(`${name} of the stack ${stackName} of ${project.name}`);
  const onLine = (line: string): void => {
    if (line.trim() !== '') log.diagnostic(line);
  };
  let engineAddress = '';
  const providers = new ProviderRegistry((pkg) =>
    startPlugin(pkg, {
      sdk,
      project,
      env,
      engineAddress,
      onLine,
      onProvider: options.onProvider ?? (() => undefined),
    }),
  );
  const deployment = new Deployment({
    stackName,
    projectName: project.name,
    config,
    preview,
    snapshot,
    providers,
    log,
    calls: new Gate(parallel),
  });
  const server = await startServer(sdk, deployment, log);
  engineAddress = server.address;
  const program = async (): Promise<void> => {
    // The program and its providers spend most of their time loading the SDK, so they start together.
    providers.prepareDynamic();
    const complaint = await runProgram({
      sdk,
      project,
      stackName,
      config,
      env,
      engineAddress,
      preview,
      onLine,
      parallel,
      failed: deployment.failed,
    });
    if (complaint !== undefined) log.failure(complaint);
    await deployment.settled();
  };
  try {
    await body({ deployment, log, program });
  } catch (error) {
    log.failure(error instanceof Error ? error.message : String(error));
  } finally {
    await providers.stop();
    server.stop();
  }
  return log.close(deployment.finish());
}
