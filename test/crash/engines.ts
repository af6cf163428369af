import { join } from 'node:path';
import { OfflineStack, type RunReport } from 'pulumi-offline-engine';
import type { EmbeddedKms } from 'embedded-kms';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import type { ProjectFolder } from '../support/project-folder';
import { killProviders } from '../support/provider-processes';
import { ENGINE, PulumiCli, type CliReport } from '../support/pulumi-cli';

// At least one for each copy in the program, because every copy has to reach its point.
const PARALLEL = 512;

/** Outcome of a run. */
export interface Report {
  readonly ok: boolean;
  readonly summary: object;
  /** The output, which explains why a run failed that should have succeeded. */
  readonly said: string;
}

/** The operations on a stack that are needed to interrupt it. */
export interface Stack {
  up(): Promise<Report>;
  refresh(): Promise<Report>;
  exportOutputs(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  kill(): void;
}

type Resources = readonly { readonly urn?: unknown; readonly outputs?: unknown }[];

/** Makes a stack of a project whose provider calls a KMS. */
type MakeStack = (project: ProjectFolder, kms: EmbeddedKms) => Promise<Stack>;

const surroundings = (kms: EmbeddedKms) => ({
  config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
  env: {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: 'eu-west-1',
  },
  parallel: PARALLEL,
});

function offline(project: ProjectFolder, kms: EmbeddedKms): Promise<Stack> {
  const stack = new OfflineStack({
    projectDir: project.programFolder,
    stateFile: join(project.engineFolder, 'state.json'),
    ...surroundings(kms),
  });
  return Promise.resolve({
    up: () => stack.up().then(withDiagnostics),
    refresh: () => stack.refresh().then(withDiagnostics),
    exportOutputs: () => Promise.resolve(outputsOf(stack.exportState().resources)),
    kill: () => killProviders(project.programFolder),
  });
}

async function real(project: ProjectFolder, kms: EmbeddedKms): Promise<Stack> {
  const stack = await PulumiCli.create({
    projectDir: project.programFolder,
    folder: project.engineFolder,
    ...surroundings(kms),
  });
  return {
    up: () => stack.up().then(withOutput),
    refresh: () => stack.refresh().then(withOutput),
    exportOutputs: async () => outputsOf((await stack.exportState()).deployment.resources),
    kill: () => killProviders(project.programFolder),
  };
}

/** Uses the real CLI if there is one, and otherwise the offline engine. Both give the same results. */
export const makeStack: MakeStack = ENGINE === undefined ? offline : real;

const withDiagnostics = ({ ok, summary, diagnostics }: RunReport): Report => ({
  ok,
  summary,
  said: diagnostics.join('\n'),
});
const withOutput = ({ ok, summary, output }: CliReport): Report => ({
  ok,
  summary,
  said: output
    .split('\n')
    .filter((line) => line.includes('"severity":"error"') || !line.startsWith('{'))
    .join('\n'),
});

function outputsOf(resources: Resources) {
  return new Map(
    resources.map(({ urn, outputs }) => [
      String(urn).split('::').at(-1)!,
      (outputs ?? {}) as Readonly<Record<string, unknown>>,
    ]),
  );
}
